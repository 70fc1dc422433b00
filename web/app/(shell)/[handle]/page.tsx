import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { preload, query } from '../../../apollo/server.ts';
import { Profile } from '../../../components/profile.tsx';
import { ProfileDocument, type ProfileQueryVariables } from '../../../graphql.generated/graphql.ts';

interface PageProps {
  params: Promise<{ handle: string }>;
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

/** `/@ada`; every other word in that place is no page. */
const HANDLE = /^@(?<username>\w{1,15})$/;

async function ofPage({ params, searchParams }: PageProps): Promise<ProfileQueryVariables> {
  const username = HANDLE.exec(decodeURIComponent((await params).handle))?.groups?.['username'];
  if (username === undefined) notFound();
  const withReplies = (await searchParams)['with'] === 'replies';
  return { username, filter: withReplies ? 'TWEETS_AND_REPLIES' : 'TWEETS' };
}

export async function generateMetadata(props: PageProps): Promise<Metadata> {
  const { user } = await query(ProfileDocument, await ofPage(props));
  return { title: user === null ? 'Not found' : `${user.displayName} (@${user.username})` };
}

export default async function ProfilePage(props: PageProps) {
  const variables = await ofPage(props);
  const first = await preload(ProfileDocument, variables);
  if (first.data.user === null) notFound();
  return <Profile key={`${variables.username} ${variables.filter}`} first={first} />;
}
