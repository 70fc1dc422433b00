import { rowId } from '../../global-id.ts';
import { requireViewer } from '../../viewer.ts';
import { readEdit, tooLateToEdit } from '../edit.ts';
import { postTweet } from '../post-tweet.ts';
import type { MutationResolvers } from '../schema.generated.ts';
import { noSuchTweet, notYourTweet } from '../tweet.ts';
import { limited } from './limited.ts';

const idOrNull = (id: string | null | undefined) => (id == null ? null : rowId('tweet', id));

export const writing: Pick<MutationResolvers, 'createTweet' | 'editTweet' | 'deleteTweet'> = {
  createTweet: async (_, { input }, context) => {
    const { caller, tweets, loaders } = context;
    const { userId } = requireViewer(caller.viewer);
    const { text, replyPolicy = 'EVERYONE', language = null, idempotencyKey } = input;
    const inReplyToId = idOrNull(input.inReplyToTweetId);
    const quotedId = idOrNull(input.quotedTweetId);
    const wanted = { text, inReplyToId, quotedId, replyPolicy, language, idempotencyKey };
    const tooMany = await limited(context, 'createTweet', userId);
    // What was posted before is answered again, however much was posted since.
    if (tooMany.length > 0 && (await tweets.postedWith(userId, wanted)) === null)
      return { tweet: null, inReplyTo: null, errors: tooMany };
    const { tweet, errors } = await postTweet(wanted, userId, tweets, (id) => loaders.tweet.load(id));
    loaders.afterWrite();
    const parentId = tweet?.inReplyToId ?? null;
    return { tweet, inReplyTo: parentId === null ? null : await loaders.tweet.load(parentId), errors };
  },
  editTweet: async (_, { input }, context) => {
    const { caller, tweets, loaders, now } = context;
    const { userId } = requireViewer(caller.viewer);
    const tweetId = rowId('tweet', input.tweetId);
    const tooMany = await limited(context, 'editTweet', userId);
    if (tooMany.length > 0) return { tweet: null, errors: tooMany };
    const read = readEdit(input.text);
    if (read.type === 'refused') return { tweet: null, errors: [read.error] };
    const outcome = await tweets.edit(tweetId, userId, read.words, now());
    switch (outcome) {
      case 'absent':
        return { tweet: null, errors: [noSuchTweet('tweetId')] };
      case 'not-yours':
        return { tweet: null, errors: [notYourTweet('edit')] };
      case 'too-late':
        return { tweet: null, errors: [tooLateToEdit()] };
      case 'edited':
      case 'unchanged':
        loaders.afterWrite();
        return { tweet: await loaders.tweet.load(tweetId), errors: [] };
    }
  },
  deleteTweet: async (_, { input }, { caller, tweets, loaders, now }) => {
    const { userId } = requireViewer(caller.viewer);
    const outcome = await tweets.delete(rowId('tweet', input.tweetId), userId, now());
    loaders.afterWrite();
    if (outcome.type !== 'deleted') {
      const error = outcome.type === 'absent' ? noSuchTweet('tweetId') : notYourTweet('delete');
      return { deletedTweetId: null, inReplyTo: null, errors: [error] };
    }
    const { inReplyToId } = outcome;
    return {
      deletedTweetId: input.tweetId,
      inReplyTo: inReplyToId === null ? null : await loaders.tweet.load(inReplyToId),
      errors: [],
    };
  },
};
