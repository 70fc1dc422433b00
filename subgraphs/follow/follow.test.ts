import { describe, expect, it } from '@jest/globals';
import { refuseFollow } from './follow.ts';

describe('following', () => {
  it('is refused of oneself, and of nobody else for what the ids tell', () => {
    expect(refuseFollow('7', '7')).toMatchObject({
      __typename: 'ValidationError',
      field: ['userId'],
      constraint: 'NOT_ALLOWED',
    });
    expect(refuseFollow('7', '8')).toBeNull();
  });
});
