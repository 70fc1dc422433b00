import type { CodegenConfig } from '@graphql-codegen/cli';

/** Which value of ours stands for a GraphQL type in resolvers; types left out are taken as the schema writes them. */
const mappers: Record<string, Record<string, string>> = {
  user: {
    User: './user.ts#User as Profile',
    Viewer: '{ id: string; sessionId: string }',
    Session: './session.ts#Session as OneSession',
    Tweet: '{ id: string }',
    Hashtag: '{ name: string }',
    TextEntity: './user.ts#BioEntity',
    MentionEntity: '{ start: number; end: number; userId: string }',
    HashtagEntity: '{ start: number; end: number; tag: string }',
    LinkEntity: '{ start: number; end: number; url: string; displayText: string }',
  },
  tweet: {
    Tweet: './tweet.ts#Tweet as StoredTweet',
    TweetTombstone: './resolvers.ts#Tombstone',
    TweetOrTombstone: './resolvers.ts#Place',
    User: '{ id: string }',
    MentionEntity: "Extract<import('./tweet.ts').TweetEntity, { type: 'mention' }>",
    HashtagEntity: "Extract<import('./tweet.ts').TweetEntity, { type: 'hashtag' }>",
    LinkEntity: "Extract<import('./tweet.ts').TweetEntity, { type: 'link' }>",
    TextEntity: './tweet.ts#TweetEntity',
  },
  follow: { User: '{ id: string }' },
  timeline: {
    HomeTimelineReason: './edge.ts#Because',
    OwnPost: './edge.ts#BecauseOf<"own">',
    FollowedAuthor: './edge.ts#BecauseOf<"author">',
    FollowedRetweeter: './edge.ts#BecauseOf<"retweeter">',
    HomeTimelineEdge: './edge.ts#Edge',
    HomeTimelineEvent: './live-event.ts#LiveEvent',
    HomeTimelineEntriesAdded: './live-event.ts#LiveEventOf<"added">',
    HomeTimelineEntriesRemoved: './live-event.ts#LiveEventOf<"removed">',
    HomeTimelineReset: './live-event.ts#LiveEventOf<"reset">',
    TimelineGap: './live-event.ts#LiveEventOf<"gap">',
  },
};

const config: CodegenConfig = {
  generates: Object.fromEntries(
    Object.entries(mappers).map(([name, types]) => [
      `subgraphs/${name}/schema.generated.ts`,
      {
        schema: `subgraphs/${name}/schema.graphql`,
        plugins: ['typescript', 'typescript-resolvers'],
        config: {
          federation: true,
          contextType: './context.ts#Context',
          mappers: types,
          useTypeImports: true,
          useIndexSignature: false,
          enumsAsTypes: true,
          strictScalars: true,
          scalars: {
            ID: 'string',
            DateTime: 'Date',
            URL: 'string',
            Language: 'string',
            // Federation's own.
            _Any: 'unknown',
            _FieldSet: 'string',
            federation__FieldSet: 'string',
          },
          maybeValue: 'T | null',
          inputMaybeValue: 'T | null',
          avoidOptionals: { field: true, inputValue: false, object: true, defaultValue: false },
        },
      },
    ]),
  ),
};

export default config;
