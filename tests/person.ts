import { randomUUID } from 'node:crypto';
import { watchHome, type HomeEdge, type HomeStream } from './home-stream.ts';
import type { TestSupergraph } from './supergraph.ts';

/** Somebody with an account, who does what the API lets people do. What is refused rejects. */
export interface Person {
  id: string;
  username: string;
  token: string;
  /** The data of an answer without errors. */
  ask<Data>(query: string, variables?: object): Promise<Data>;
  /** Resolves with the tweet's id once the post is acknowledged. */
  post(text: string, options?: { inReplyTo?: string; key?: string }): Promise<string>;
  deleteTweet(tweetId: string): Promise<void>;
  retweet(tweetId: string): Promise<void>;
  follow(whom: Person): Promise<void>;
  unfollow(whom: Person): Promise<void>;
  home(page?: PageArguments): Promise<HomePage>;
  /** All of the home timeline, read page by page to its end. */
  wholeHome(pageSize?: number): Promise<HomeEdge[]>;
  /** Follows the home timeline live from now on, or from a cursor. To be closed. */
  watch(after?: string): Promise<HomeStream>;
}

export interface PageArguments {
  first?: number;
  after?: string | null;
  last?: number;
  before?: string | null;
}

export interface HomePage {
  edges: HomeEdge[];
  pageInfo: { hasNextPage: boolean; hasPreviousPage: boolean; endCursor: string | null };
  liveCursor: string | null;
}

export const PASSWORD = 'correct horse battery';

const edgeFields = `cursor
  because { __typename explanation path ... on FollowedRetweeter { retweeter { username } } }
  node { id text author { username } }`;

/** Opens an account; its username begins with `prefix`. */
export async function join(
  supergraph: Pick<TestSupergraph, 'origin' | 'ask'>,
  prefix: string,
): Promise<Person> {
  const username = `${prefix}_${randomUUID().slice(0, 6)}`.slice(0, 15);
  const { signUp } = await answered<{
    signUp: { viewer: { id: string }; tokens: { accessToken: string }; errors: unknown[] };
  }>(
    supergraph,
    `mutation ($input: SignUpInput!) {
      signUp(input: $input) { viewer { id } tokens { accessToken } errors { ... on UserError { message } } }
    }`,
    { input: { username, email: `${username}@example.com`, password: PASSWORD, wantsToken: true } },
  );
  return personOf(supergraph, { id: signUp.viewer.id, username, token: signUp.tokens.accessToken });
}

function personOf(
  supergraph: Pick<TestSupergraph, 'origin' | 'ask'>,
  { id, username, token }: Pick<Person, 'id' | 'username' | 'token'>,
): Person {
  const ask = <Data>(query: string, variables?: object) =>
    answered<Data>(supergraph, query, variables, token);

  /** A mutation of one field; what it answers when nothing was refused. */
  async function change<Payload>(
    field: string,
    inputType: string,
    input: object,
    fields = '',
  ): Promise<Payload> {
    const data = await ask<Record<string, Payload & { errors: { message: string }[] }>>(
      `mutation ($input: ${inputType}!) { ${field}(input: $input) { ${fields} errors { ... on UserError { message } } } }`,
      { input },
    );
    const payload = data[field];
    if (payload === undefined || payload.errors.length > 0)
      throw new Error(`${field} was refused: ${JSON.stringify(payload)}`);
    return payload;
  }

  const home = async (page: PageArguments = {}) => {
    const { homeTimeline } = await ask<{ homeTimeline: HomePage }>(
      `query ($first: Int, $after: String, $last: Int, $before: String) {
        homeTimeline(first: $first, after: $after, last: $last, before: $before) {
          edges { ${edgeFields} } pageInfo { hasNextPage hasPreviousPage endCursor } liveCursor
        }
      }`,
      page,
    );
    return homeTimeline;
  };

  return {
    id,
    username,
    token,
    ask,
    post: async (text, { inReplyTo, key = randomUUID() } = {}) => {
      const input = {
        text,
        idempotencyKey: key,
        ...(inReplyTo !== undefined && { inReplyToTweetId: inReplyTo }),
      };
      const { tweet } = await change<{ tweet: { id: string } }>(
        'createTweet',
        'CreateTweetInput',
        input,
        'tweet { id }',
      );
      return tweet.id;
    },
    deleteTweet: (tweetId) => change('deleteTweet', 'DeleteTweetInput', { tweetId }),
    retweet: (tweetId) => change('retweet', 'RetweetInput', { tweetId }),
    follow: (whom) => change('followUser', 'FollowUserInput', { userId: whom.id }),
    unfollow: (whom) => change('unfollowUser', 'UnfollowUserInput', { userId: whom.id }),
    home,
    wholeHome: async (pageSize = 100) => {
      const edges: HomeEdge[] = [];
      for (let after: string | null = null; ;) {
        const page = await home({ first: pageSize, after });
        edges.push(...page.edges);
        if (!page.pageInfo.hasNextPage) return edges;
        after = page.pageInfo.endCursor;
      }
    },
    watch: async (after) =>
      watchHome({
        origin: supergraph.origin,
        token,
        edgeFields,
        after: after ?? (await home({ first: 1 })).liveCursor,
      }),
  };
}

async function answered<Data>(
  supergraph: Pick<TestSupergraph, 'origin' | 'ask'>,
  query: string,
  variables?: object,
  token?: string,
): Promise<Data> {
  const { data, errors } = await supergraph.ask<Data>(query, variables, token);
  if (errors) throw new Error(`Answered with errors: ${JSON.stringify(errors)}`);
  return data;
}
