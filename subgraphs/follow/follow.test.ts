import { describe, expect, it } from '@jest/globals';
import { decideFollow, refuseSelf, type Relation } from './follow.ts';

const strangers: Relation = {
  viewerIsFollowing: false,
  isFollowingViewer: false,
  viewerFollowRequest: null,
  viewerHasMuted: false,
  viewerHasBlocked: false,
  hasBlockedViewer: false,
  viewerHasHiddenRetweets: false,
  isProtected: false,
};
const request = { id: '1', requesterId: '7', targetId: '8', requestedAt: new Date(0) };

describe('following', () => {
  it('is refused of oneself, and of nobody else for what the ids tell', () => {
    expect(refuseSelf('7', '7', 'Not you.')).toMatchObject({
      __typename: 'ValidationError',
      field: ['userId'],
      constraint: 'NOT_ALLOWED',
    });
    expect(refuseSelf('7', '8', 'Not you.')).toBeNull();
  });

  it('is a follow of an open account and a request to a protected one', () => {
    expect(decideFollow(strangers)).toEqual({ type: 'follow' });
    expect(decideFollow({ ...strangers, isProtected: true })).toEqual({ type: 'request' });
  });

  it('changes nothing where it stands or waits already', () => {
    expect(decideFollow({ ...strangers, viewerIsFollowing: true, isProtected: true })).toEqual({
      type: 'unchanged',
    });
    const waiting = { ...strangers, isProtected: true, viewerFollowRequest: request };
    expect(decideFollow(waiting)).toEqual({ type: 'unchanged' });
    expect(decideFollow({ ...waiting, isProtected: false })).toEqual({ type: 'follow' });
  });

  it('is refused where nobody is, and across a block either way', () => {
    expect(decideFollow(null)).toMatchObject({ error: { __typename: 'NotFoundError' } });
    expect(decideFollow({ ...strangers, viewerHasBlocked: true })).toMatchObject({
      error: { __typename: 'ForbiddenError' },
    });
    expect(decideFollow({ ...strangers, hasBlockedViewer: true })).toMatchObject({
      error: { __typename: 'ForbiddenError' },
    });
  });
});
