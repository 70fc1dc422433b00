import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { preload, query } from '../../../../apollo/server.ts';
import { Thread } from '../../../../components/thread.tsx';
import { ThreadDocument } from '../../../../graphql.generated/graphql.ts';

interface PageProps {
  params: Promise<{ id: string }>;
}

/** Ids of other kinds, and what is no id at all, the API calls bad input: here they are just not found. */
const TWEET_ID = /^tweet_[0-9A-Za-z]+$/;

const ofPage = async ({ params }: PageProps) => {
  const { id } = await params;
  if (!TWEET_ID.test(id)) notFound();
  return { id };
};

const TITLE_UNITS = 60;

export async function generateMetadata(props: PageProps): Promise<Metadata> {
  const { tweet } = await query(ThreadDocument, await ofPage(props));
  if (tweet === null) return { title: 'Not found' };
  const words = tweet.text.replaceAll(/\s+/g, ' ');
  const short = words.length > TITLE_UNITS ? `${words.slice(0, TITLE_UNITS).trimEnd()}…` : words;
  return { title: `${tweet.author?.displayName ?? 'Somebody'}: ${short}` };
}

export default async function ThreadPage(props: PageProps) {
  const first = await preload(ThreadDocument, await ofPage(props));
  if (first.data.tweet === null) notFound();
  return <Thread key={first.variables.id} first={first} />;
}
