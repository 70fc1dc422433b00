import type { Id } from '../../platform/ids.ts';
import type { ForbiddenRefusal } from '../errors.ts';
import {
  composeTweet,
  deletedSince,
  keyConflict,
  mayNotReply,
  mayNotShare,
  noSuchTweet,
  type Composed,
  type KeyConflict,
  type NewTweet,
  type Tweet,
} from './tweet.ts';
import type { KeyUsed, TweetStore } from './tweet-store.ts';
import type { Permission } from './visibility.ts';

type Refusals = Extract<Composed, { type: 'refused' }>['errors'];

/** Errors are empty when the tweet stands, now or since an earlier request with the same key. */
export interface PostOutcome {
  tweet: Tweet | null;
  errors: (Refusals[number] | ForbiddenRefusal | KeyConflict)[];
}

/**
 * Posts a tweet, a reply or a quote, once for each key however often it is called, at once or after an answer that went missing:
 * a crash leaves either everything or nothing.
 *
 * @param seen finds a tweet that the author may see.
 */
export async function postTweet(
  input: NewTweet,
  authorId: Id,
  tweets: TweetStore,
  seen: (id: Id) => Promise<Tweet | null>,
): Promise<PostOutcome> {
  const seenOrNull = async (id: Id | null) => (id === null ? null : seen(id));
  const [parent, quoted] = await Promise.all([seenOrNull(input.inReplyToId), seenOrNull(input.quotedId)]);
  const composed = composeTweet(input, authorId, { parent, quoted });
  if (composed.type === 'refused') {
    // A repeat is answered as before, also when what it answers or quotes went in between.
    const onlyMissing = composed.errors.every(({ __typename }) => __typename === 'NotFoundError');
    const earlier = onlyMissing ? await tweets.postedWith(authorId, input) : null;
    return earlier === null ? { tweet: null, errors: composed.errors } : answerAgain(earlier);
  }

  const posted = await tweets.post(composed.draft, input);
  switch (posted.type) {
    case 'posted':
      return { tweet: posted.tweet, errors: [] };
    case 'refused':
      return {
        tweet: null,
        errors: [
          ...refusal(posted.parent, 'inReplyToTweetId', mayNotReply()),
          ...refusal(posted.quoted, 'quotedTweetId', mayNotShare('quotedTweetId')),
        ],
      };
    case 'key-used':
      return answerAgain(posted);
  }
}

const refusal = (permission: Permission, field: string, forbidden: ForbiddenRefusal) =>
  permission === 'granted' ? [] : [permission === 'absent' ? noSuchTweet(field) : forbidden];

function answerAgain({ sameRequest, tweet }: KeyUsed): PostOutcome {
  if (!sameRequest) return { tweet: null, errors: [keyConflict(tweet)] };
  return tweet === null ? { tweet, errors: [deletedSince()] } : { tweet, errors: [] };
}
