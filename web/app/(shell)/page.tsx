import { preload, query } from '../../apollo/server.ts';
import { Home } from '../../components/home.tsx';
import { Welcome } from '../../components/welcome.tsx';
import { HomeTimelineDocument, ViewerDocument } from '../../graphql.generated/graphql.ts';

const PAGE = 20;

export default async function HomePage() {
  const { viewer } = await query(ViewerDocument, {});
  if (viewer === null) return <Welcome />;
  return <Home first={await preload(HomeTimelineDocument, { first: PAGE })} />;
}
