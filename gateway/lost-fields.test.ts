import { describe, expect, it } from '@jest/globals';
import { withLostFields } from './lost-fields.ts';
import { outOfReach, timeout } from './source.ts';

const lost = { errors: [outOfReach().toJSON()] };
const pathsOf = (query: string, variables: Record<string, unknown> = {}, data?: Record<string, unknown>) =>
  withLostFields(query, variables, { ...lost, ...(data && { data }) }).errors?.map(({ path }) => path);

const ENTITIES = `query Part__1($representations: [_Any!]!, $no: Boolean!) {
  _entities(representations: $representations) {
    ... on User { __typename count: followerCount followers { nodes { id } } isNew @include(if: $no) }
    ... on Tweet { likeCount }
  }
}`;
const user = { __typename: 'User', id: '1' };

describe('the error of a fetch that brought nothing', () => {
  it('is at each field of the root that is lost', () => {
    expect(
      pathsOf(
        '{ home: homeTimeline { nodes { id } } ...Q } fragment Q on Query { suggestedUsers { because } }',
      ),
    ).toEqual([['home'], ['suggestedUsers']]);
    expect(pathsOf('mutation { likeTweet { tweet { id } } }')).toEqual([['likeTweet']]);
  });

  it('is at the fields of the one entity that it was about', () => {
    expect(pathsOf(ENTITIES, { representations: [user], no: false })).toEqual([
      ['_entities', 0, 'count'],
      ['_entities', 0, 'followers'],
    ]);
  });

  it('is about all of it when there were many', () => {
    expect(pathsOf(ENTITIES, { representations: [user, user], no: false })).toEqual([undefined]);
  });

  it('is beside what is known of the viewer', () => {
    const query = '{ viewer { __typename id account { email } sessions { id } } }';
    const data = { viewer: { __typename: 'Viewer', id: '1' } };
    expect(pathsOf(query, {}, data)).toEqual([
      ['viewer', 'account'],
      ['viewer', 'sessions'],
    ]);
  });

  it('keeps its code and its words', () => {
    const answer = withLostFields('{ a }', {}, { errors: [timeout().toJSON()] });
    expect(answer).toEqual({ errors: [{ ...timeout().toJSON(), path: ['a'] }] });
  });

  it('is left as it is when it is another, or knows its place', () => {
    for (const answer of [
      { data: { a: 1 } },
      { errors: [{ message: '', extensions: { code: 'INTERNAL_SERVER_ERROR' } }] },
      { data: { a: null }, errors: [{ ...outOfReach().toJSON(), path: ['a'] }] },
    ])
      expect(withLostFields('{ a }', {}, answer)).toBe(answer);
  });
});
