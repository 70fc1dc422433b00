import { expect, it } from '@jest/globals';
import {
  buildASTSchema,
  getNamedType,
  isAbstractType,
  isInterfaceType,
  isObjectType,
  isUnionType,
  parse,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLObjectType,
  type GraphQLSchema,
} from 'graphql';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const isForTheViewer = ({ astNode }: GraphQLField<unknown, unknown>) =>
  (astNode?.directives ?? []).some(
    ({ name, arguments: given = [] }) =>
      name.value === 'tag' &&
      given.some(({ value }) => value.kind === 'StringValue' && value.value === 'viewer'),
  );

/** Fields that can be got to from roots without passing one that depends on the viewer: `Type.field`. */
function untagged(schema: GraphQLSchema, roots: readonly (GraphQLObjectType | null | undefined)[]): string[] {
  const seen = new Set<GraphQLNamedType>();
  const reached: string[] = [];
  const walk = (type: GraphQLNamedType) => {
    if (seen.has(type)) return;
    seen.add(type);
    if (isAbstractType(type)) for (const possible of schema.getPossibleTypes(type)) walk(possible);
    if (isUnionType(type) || !(isObjectType(type) || isInterfaceType(type))) return;
    for (const field of Object.values(type.getFields())) {
      if (isForTheViewer(field)) continue;
      reached.push(`${type.name}.${field.name}`);
      walk(getNamedType(field.type));
    }
  };
  for (const root of roots) if (root) walk(root);
  return reached.toSorted();
}

// What the gateway may share between viewers. A field that turns up here is the same for all who ask, or needs the tag.
it('nothing but profiles, counts and the entities of a bio is to be had without a field of the viewer’s', () => {
  const sdl = readFileSync(join(import.meta.dirname, '../gateway/supergraph.graphql'), 'utf8');
  const schema = buildASTSchema(parse(sdl), { assumeValid: true });
  expect(untagged(schema, [schema.getQueryType(), schema.getSubscriptionType()])).toEqual([
    'Hashtag.id',
    'Hashtag.name',
    'Hashtag.tweetCount',
    'Hashtag.url',
    'HashtagEntity.end',
    'HashtagEntity.hashtag',
    'HashtagEntity.start',
    'LinkEntity.displayText',
    'LinkEntity.end',
    'LinkEntity.start',
    'LinkEntity.url',
    'MentionEntity.end',
    'MentionEntity.start',
    'MentionEntity.user',
    'Query.hashtag',
    'Query.user',
    'TextEntity.end',
    'TextEntity.start',
    'User.avatarUrl',
    'User.bannerUrl',
    'User.bio',
    'User.bioEntities',
    'User.displayName',
    'User.followerCount',
    'User.followingCount',
    'User.id',
    'User.isProtected',
    'User.joinedAt',
    'User.location',
    'User.tweetCount',
    'User.url',
    'User.username',
    'User.website',
  ]);
});
