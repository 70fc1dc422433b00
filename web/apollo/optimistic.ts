'use client';

// The one place of changes that show before they are saved. Apollo lays the expected answer over its cache at once, and
// takes it away when the real one, a refusal or an error comes: so what was is restored by itself.

import type { ApolloClient } from '@apollo/client';
import { useApolloClient } from '@apollo/client/react';
import { useToast } from '../components/toasts.tsx';
import type { Viewer } from '../components/viewer.tsx';
import {
  CreateTweetDocument,
  DeleteTweetDocument,
  FollowUserDocument,
  LikeTweetDocument,
  RetweetDocument,
  UndoRetweetDocument,
  UnfollowUserDocument,
  UnlikeTweetDocument,
  type FollowButtonFragment,
  type TweetActionsFragment,
  type TweetCardFragment,
} from '../graphql.generated/graphql.ts';
import { unsentId } from './home-entries.ts';
import { showPosted } from './posted.ts';
import { whyNot, whyNotSaved } from './refusal.ts';

type Payloads = Record<string, { errors: readonly { message?: string }[] } | null>;

/** Why an answered change was refused, in the server's words; undefined when it was done. */
function refusalIn(data: object | null | undefined): string | undefined {
  const payload = Object.values((data ?? {}) as Payloads).find((value) => value !== null);
  const [error] = payload?.errors ?? [];
  return error && (error.message ?? 'That was refused.');
}

type Send = (client: ApolloClient) => Promise<{ data?: object | undefined }>;

/** @returns what sends a change, and says why in a toast when it was not saved. */
function useChange() {
  const client = useApolloClient();
  const toast = useToast();
  return async function change(what: string, send: Send): Promise<boolean> {
    try {
      const refusal = refusalIn((await send(client)).data);
      if (refusal !== undefined) toast({ text: refusal, failed: true });
      return refusal === undefined;
    } catch (error) {
      toast({
        text: whyNotSaved(what, error),
        failed: true,
        action: { label: 'Try again', run: () => void change(what, send) },
      });
      return false;
    }
  };
}

/** Likes a tweet, or takes the like back. */
export function useLike() {
  const change = useChange();
  return ({ id, likeCount, viewerHasLiked }: TweetActionsFragment) => {
    const tweet = {
      __typename: 'Tweet' as const,
      id,
      likeCount: likeCount + (viewerHasLiked ? -1 : 1),
      viewerHasLiked: !viewerHasLiked,
    };
    const variables = { tweetId: id };
    return viewerHasLiked
      ? change('Like', (client) =>
          client.mutate({
            mutation: UnlikeTweetDocument,
            variables,
            optimisticResponse: { unlikeTweet: { __typename: 'UnlikeTweetPayload', tweet, errors: [] } },
          }),
        )
      : change('Like', (client) =>
          client.mutate({
            mutation: LikeTweetDocument,
            variables,
            optimisticResponse: { likeTweet: { __typename: 'LikeTweetPayload', tweet, errors: [] } },
          }),
        );
  };
}

/** Retweets a tweet, or takes the retweet back. */
export function useRetweet() {
  const change = useChange();
  return ({ id, retweetCount, viewerHasRetweeted }: TweetActionsFragment) => {
    const tweet = {
      __typename: 'Tweet' as const,
      id,
      retweetCount: retweetCount + (viewerHasRetweeted ? -1 : 1),
      viewerHasRetweeted: !viewerHasRetweeted,
    };
    const variables = { tweetId: id };
    return viewerHasRetweeted
      ? change('Retweet', (client) =>
          client.mutate({
            mutation: UndoRetweetDocument,
            variables,
            optimisticResponse: { undoRetweet: { __typename: 'UndoRetweetPayload', tweet, errors: [] } },
          }),
        )
      : change('Retweet', (client) =>
          client.mutate({
            mutation: RetweetDocument,
            variables,
            optimisticResponse: { retweet: { __typename: 'RetweetPayload', tweet, errors: [] } },
          }),
        );
  };
}

/** Follows an account, or asks to when it is protected; ends the follow, or withdraws the request. */
export function useFollow() {
  const change = useChange();
  return ({
    id,
    followerCount,
    isProtected,
    viewerIsFollowing,
    viewerFollowRequest,
  }: FollowButtonFragment) => {
    const follows = viewerIsFollowing === true;
    const ends = follows || viewerFollowRequest !== null;
    const asks = !ends && isProtected;
    const gained = follows ? -1 : ends || asks ? 0 : 1;
    const user = {
      __typename: 'User' as const,
      id,
      followerCount: followerCount === null ? null : followerCount + gained,
      viewerIsFollowing: !ends && !asks,
      viewerFollowRequest: asks ? { __typename: 'FollowRequest' as const, id: `request_to_${id}` } : null,
    };
    const variables = { userId: id };
    return ends
      ? change('Unfollow', (client) =>
          client.mutate({
            mutation: UnfollowUserDocument,
            variables,
            optimisticResponse: {
              unfollowUser: { __typename: 'UnfollowUserPayload', user, follower: null, errors: [] },
            },
          }),
        )
      : change('Follow', (client) =>
          client.mutate({
            mutation: FollowUserDocument,
            variables,
            optimisticResponse: {
              followUser: { __typename: 'FollowUserPayload', user, follower: null, errors: [] },
            },
          }),
        );
  };
}

/** Deletes a tweet of one's own. Lists that hold it skip what the cache no longer has. */
export function useDelete() {
  const change = useChange();
  return (tweetId: string) =>
    change('Deletion', (client) =>
      client.mutate({
        mutation: DeleteTweetDocument,
        variables: { tweetId },
        optimisticResponse: {
          deleteTweet: {
            __typename: 'DeleteTweetPayload',
            deletedTweetId: tweetId,
            inReplyTo: null,
            errors: [],
          },
        },
        update: (cache, { data }) => {
          const id = data?.deleteTweet?.deletedTweetId;
          if (typeof id === 'string') cache.evict({ id: `Tweet:${id}` });
        },
      }),
    );
}

export interface Draft {
  text: string;
  /** One per draft: sent again, it gives the same tweet. */
  idempotencyKey: string;
  /** What it answers. */
  inReplyTo: { id: string; replyCount: number; author: TweetCardFragment['author'] } | null;
}

/** Posts a tweet. It shows at once in every list that will have it; the answer resolves to why not, or to null. */
export function usePost() {
  const client = useApolloClient();
  return async ({ user }: Viewer, { text, idempotencyKey, inReplyTo }: Draft): Promise<string | null> => {
    const tweet: TweetCardFragment = {
      __typename: 'Tweet',
      id: unsentId(idempotencyKey),
      text: text.trim(),
      entities: [],
      createdAt: new Date().toISOString(),
      url: '',
      author: user && { ...user, isProtected: false },
      inReplyTo: inReplyTo && { __typename: 'Tweet', id: inReplyTo.id, author: inReplyTo.author },
      likeCount: 0,
      retweetCount: 0,
      replyCount: 0,
      viewerHasLiked: false,
      viewerHasRetweeted: false,
      viewerCanDelete: false,
    };
    try {
      const { data } = await client.mutate({
        mutation: CreateTweetDocument,
        variables: { input: { text, idempotencyKey, inReplyToTweetId: inReplyTo?.id ?? null } },
        optimisticResponse: {
          createTweet: {
            __typename: 'CreateTweetPayload',
            tweet,
            inReplyTo: inReplyTo && {
              __typename: 'Tweet',
              id: inReplyTo.id,
              replyCount: inReplyTo.replyCount + 1,
            },
            errors: [],
          },
        },
        update: (cache, answer) => {
          const posted = answer.data?.createTweet?.tweet;
          if (posted) showPosted(cache, posted, inReplyTo?.id ?? null);
        },
      });
      return refusalIn(data) ?? null;
    } catch (error) {
      return whyNot(error);
    }
  };
}
