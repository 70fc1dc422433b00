import type { Id } from '../../platform/ids.ts';
import {
  composeTweet,
  deletedSince,
  keyConflict,
  noSuchTweet,
  type Composed,
  type KeyConflict,
  type NewTweet,
  type Tweet,
} from './tweet.ts';
import type { KeyUsed, TweetStore } from './tweet-store.ts';

type Refusals = Extract<Composed, { type: 'refused' }>['errors'];

/** Errors are empty when the tweet stands, now or since an earlier request with the same key. */
export interface PostOutcome {
  tweet: Tweet | null;
  errors: (Refusals[number] | KeyConflict)[];
}

/**
 * Posts a tweet or a reply, once for each key however often it is called, at once or after an answer that went missing:
 * a crash leaves either everything or nothing.
 *
 * @param parentOf finds a tweet that stands.
 */
export async function postTweet(
  input: NewTweet,
  authorId: Id,
  tweets: TweetStore,
  parentOf: (id: Id) => Promise<Tweet | null>,
): Promise<PostOutcome> {
  const parent = input.inReplyToId === null ? null : await parentOf(input.inReplyToId);
  const composed = composeTweet(input, authorId, parent);
  if (composed.type === 'refused') {
    // A repeat is answered as before, also when the parent went in between.
    const onlyParentMissing = composed.errors.every(({ __typename }) => __typename === 'NotFoundError');
    const earlier = onlyParentMissing ? await tweets.postedWith(authorId, input) : null;
    return earlier === null ? { tweet: null, errors: composed.errors } : answerAgain(earlier);
  }

  const posted = await tweets.post(composed.draft, input);
  switch (posted.type) {
    case 'posted':
      return { tweet: posted.tweet, errors: [] };
    case 'parent-gone':
      return { tweet: null, errors: [noSuchTweet('inReplyToTweetId')] };
    case 'key-used':
      return answerAgain(posted);
  }
}

function answerAgain({ sameRequest, tweet }: KeyUsed): PostOutcome {
  if (!sameRequest) return { tweet: null, errors: [keyConflict(tweet)] };
  return tweet === null ? { tweet, errors: [deletedSince()] } : { tweet, errors: [] };
}
