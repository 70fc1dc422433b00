import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Supergraph } from '@apollo/federation-internals';
import type { CodegenConfig } from '@graphql-codegen/cli';
import {
  isAbstractType,
  Kind,
  printSchema,
  visit,
  type DocumentNode,
  type FieldNode,
  type SelectionNode,
} from 'graphql';

/** Which value of ours stands for a GraphQL type in resolvers; types left out are taken as the schema writes them. */
const mappers: Record<string, Record<string, string>> = {
  user: {
    User: './user.ts#User as Profile',
    Viewer: '{ id: string; sessionId: string }',
    Session: './session.ts#Session as OneSession',
    Tweet: '{ id: string }',
    Hashtag: '{ name: string }',
    TextEntity: '../../platform/text/stored-entities.ts#StoredEntity',
    MentionEntity: '{ start: number; end: number; userId: string }',
    HashtagEntity: '{ start: number; end: number; tag: string }',
    LinkEntity: '{ start: number; end: number; url: string; displayText: string }',
  },
  tweet: {
    Tweet: './tweet.ts#Tweet as StoredTweet',
    TweetTombstone: './place.ts#Tombstone',
    TweetOrTombstone: './place.ts#Place',
    User: '{ id: string }',
    Viewer: '{ id: string }',
    Hashtag: '{ id: string; name: string }',
    TweetRevision: './edit.ts#Revision',
    MentionEntity: "Extract<StoredEntity, { type: 'mention' }>",
    HashtagEntity: "Extract<StoredEntity, { type: 'hashtag' }>",
    LinkEntity: "Extract<StoredEntity, { type: 'link' }>",
    TextEntity: '../../platform/text/stored-entities.ts#StoredEntity',
    TweetEvent: './live-event.ts#LiveEvent',
    ConversationEvent: './live-event.ts#LiveEvent',
    TweetCountsChanged: './live-event.ts#LiveEventOf<"counts">',
    TweetEdited: './live-event.ts#LiveEventOf<"words">',
    TweetRemoved: './live-event.ts#LiveEventOf<"removed">',
    ReplyAdded: './live-event.ts#LiveEventOf<"reply">',
    TimelineGap: './live-event.ts#LiveEventOf<"gap">',
  },
  follow: {
    User: '{ id: string }',
    Viewer: '{ id: string }',
    FollowRequest: './follow.ts#FollowRequest as StoredRequest',
    FollowRequestConnection: './resolvers/follow-request.ts#RequestList',
    FollowersYouKnowConnection: './resolvers/followers-you-know.ts#KnownFollowers',
  },
  timeline: {
    Tweet: '{ id: string }',
    Viewer: '{ id: string }',
    HomePlacement: './placements.ts#HomePlacement as Placement',
    HomeReadPosition: './read-position-store.ts#ReadPosition',
    HomeReadPositionMoved: './live-event.ts#LiveEventOf<"moved">',
    TweetDelivery: './tweet-delivery.ts#TweetDelivery as Delivery',
    TweetDeliveryChanged: './tweet-delivery.ts#DeliveryChange',
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

type Outputs = CodegenConfig['generates'];

const subgraphTypes: Outputs = Object.fromEntries(
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
);

/** What clients see of the supergraph. */
const api = Supergraph.build(readFileSync(join(import.meta.dirname, 'gateway/supergraph.graphql'), 'utf8'))
  .apiSchema()
  .toGraphQLJSSchema();
const apiSdl = printSchema(api);

/** Which objects an interface or union stands for, so that the client's cache can match fragments. */
const possibleTypes = Object.fromEntries(
  Object.values(api.getTypeMap())
    .filter(isAbstractType)
    .map((type) => [type.name, api.getPossibleTypes(type).map(({ name }) => name)]),
);

const TYPENAME: FieldNode = { kind: Kind.FIELD, name: { kind: Kind.NAME, value: '__typename' } };

const isTypename = (selection: SelectionNode) =>
  selection.kind === Kind.FIELD && selection.name.value === '__typename';

/** What the client's cache would add to an operation must be in the text that the gateway knows. */
const withTypenames = (document: DocumentNode): DocumentNode =>
  visit(document, {
    SelectionSet: (set, _key, parent) =>
      (parent !== undefined && 'operation' in parent) || set.selections.some(isTypename)
        ? undefined
        : { ...set, selections: [...set.selections, TYPENAME] },
  });

const webTypes: Outputs = {
  'web/graphql.generated/': {
    schema: apiSdl,
    documents: ['web/{app,apollo,components}/**/*.{ts,tsx}', '!web/**/*.test.ts'],
    preset: 'client',
    // The client names its operations by ids; the gateway finds their texts in what is written beside.
    presetConfig: {
      gqlTagName: 'gql',
      fragmentMasking: false,
      persistedDocuments: { mode: 'embedHashInDocument', hashAlgorithm: 'sha256' },
    },
    documentTransforms: [
      {
        transform: ({ documents }) =>
          documents.map((file) => ({
            ...file,
            ...(file.document && { document: withTypenames(file.document) }),
          })),
      },
    ],
    config: {
      useTypeImports: true,
      enumType: 'string-literal',
      // An event or a reason that came later is none of these.
      nonOptionalTypename: true,
      skipTypeNameForRoot: true,
      strictScalars: true,
      scalars: { ID: 'string', DateTime: 'string', URL: 'string', Language: 'string' },
      importExtension: '.ts',
    },
  },
  'web/graphql.generated/possible-types.ts': {
    schema: apiSdl,
    plugins: [
      {
        add: {
          content: `export const possibleTypes: Record<string, string[]> = ${JSON.stringify(possibleTypes)};`,
        },
      },
    ],
  },
};

const config: CodegenConfig = {
  generates: { ...subgraphTypes, ...webTypes },
  // Before the first screen there is no operation.
  ignoreNoDocuments: true,
};

export default config;
