import type { Id } from '../../../platform/ids.ts';
import { rowId } from '../../global-id.ts';
import { requireViewer } from '../../viewer.ts';
import type { NotFoundRefusal, RateLimitedRefusal } from '../../errors.ts';
import type { Context } from '../context.ts';
import type { rates } from '../rates.ts';
import { noSuchTweet, type Tweet } from '../tweet.ts';
import { limited } from './limited.ts';

/**
 * What a change of what stands between the viewer and a tweet answers: the tweet as it is after it, or why not.
 *
 * @param change gives its refusals, none when it was made.
 */
export async function changed<Refusal>(
  { tweetId }: { tweetId: string },
  rate: keyof typeof rates,
  context: Context,
  change: (tweet: Tweet, userId: Id) => Promise<Refusal[]>,
): Promise<{ tweet: Tweet | null; errors: (Refusal | NotFoundRefusal | RateLimitedRefusal)[] }> {
  const { caller, loaders } = context;
  const { userId } = requireViewer(caller.viewer);
  const id = rowId('tweet', tweetId);
  const tooMany = await limited(context, rate, userId);
  if (tooMany.length > 0) return { tweet: null, errors: tooMany };
  const before = await loaders.tweet.load(id);
  const errors = before === null ? notSeen(false) : await change(before, userId);
  loaders.afterWrite();
  if (errors.length > 0) return { tweet: null, errors };
  const tweet = await loaders.tweet.load(id);
  return { tweet, errors: notSeen(tweet !== null) };
}

/** The refusal of a change of a tweet that can't be seen. */
export const notSeen = (isSeen: boolean): NotFoundRefusal[] => (isSeen ? [] : [noSuchTweet('tweetId')]);
