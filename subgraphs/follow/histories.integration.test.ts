import { afterAll, beforeAll, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Id } from '../../platform/ids.ts';
import type { Page } from '../connection.ts';
import { approveWaiting } from './approve-waiting.ts';
import { findFaults } from './counter-drift.ts';
import { openFollowStores, type FollowStores } from './follow-stores.builder.ts';

const PEOPLE: Id[] = ['1', '2', '3', '4'];
const PAIRS = PEOPLE.flatMap((a) => PEOPLE.filter((b) => b !== a).map((b): [Id, Id] => [a, b]));
const ALL: Page = { from: 'start', limit: 100, after: null, before: null };

/** What is so, as a child would note it down: pairs as `a>b`. */
interface Notes {
  follows: Set<string>;
  asks: Set<string>;
  blocks: Set<string>;
  isProtected: Set<Id>;
}

const arrow = (a: Id, b: Id) => `${a}>${b}`;
const areApart = ({ blocks }: Notes, a: Id, b: Id) => blocks.has(arrow(a, b)) || blocks.has(arrow(b, a));

type Deed =
  | 'follow'
  | 'unfollow'
  | 'remove follower'
  | 'approve'
  | 'decline'
  | 'withdraw'
  | 'block'
  | 'unblock'
  | 'mute'
  | 'protect'
  | 'open';
const DEEDS: readonly Deed[] = [
  'follow',
  'follow',
  'unfollow',
  'remove follower',
  'approve',
  'decline',
  'withdraw',
  'block',
  'unblock',
  'mute',
  'protect',
  'open',
];

/** What `a` does to `b`, in the notes. */
function note(notes: Notes, deed: Deed, a: Id, b: Id): void {
  const { follows, asks, blocks, isProtected } = notes;
  switch (deed) {
    case 'follow':
      if (areApart(notes, a, b) || follows.has(arrow(a, b))) return;
      (isProtected.has(b) ? asks : follows).add(arrow(a, b));
      return;
    case 'unfollow':
      follows.delete(arrow(a, b));
      asks.delete(arrow(a, b));
      return;
    case 'remove follower':
      follows.delete(arrow(b, a));
      return;
    case 'approve':
      if (asks.delete(arrow(b, a))) follows.add(arrow(b, a));
      return;
    case 'decline':
      asks.delete(arrow(b, a));
      return;
    case 'withdraw':
      asks.delete(arrow(a, b));
      return;
    case 'block':
      for (const set of [follows, asks]) for (const pair of [arrow(a, b), arrow(b, a)]) set.delete(pair);
      blocks.add(arrow(a, b));
      return;
    case 'unblock':
      blocks.delete(arrow(a, b));
      return;
    case 'mute':
      return;
    case 'protect':
      isProtected.add(a);
      return;
    case 'open':
      isProtected.delete(a);
      for (const asker of PEOPLE) if (asks.delete(arrow(asker, a))) follows.add(arrow(asker, a));
  }
}

let stores: FollowStores;
beforeAll(async () => {
  stores = await openFollowStores();
});
afterAll(() => stores.close());

/** The same, for real. */
async function act(deed: Deed, a: Id, b: Id): Promise<unknown> {
  const { follows, distances, relations } = stores;
  const now = new Date();
  const requestOf = async (who: Id, whom: Id) => {
    const [relation] = await relations.between(who, [whom]);
    return relation?.viewerFollowRequest?.id ?? '999999999';
  };
  switch (deed) {
    case 'follow':
      return await follows.follow(a, b, now);
    case 'unfollow':
      return await follows.unfollow(a, b);
    case 'remove follower':
      return await follows.removeFollower(a, b);
    case 'approve':
      return await follows.approve(a, await requestOf(b, a), now);
    case 'decline':
      return await follows.decline(a, await requestOf(b, a));
    case 'withdraw':
      return await follows.withdraw(a, await requestOf(a, b));
    case 'block':
      return await distances.keep('block', a, b, now);
    case 'unblock':
      return await distances.release('block', a, b);
    case 'mute':
      return await distances.keep('mute', a, b, now);
    case 'protect':
      return await stores.protect(a);
    case 'open':
      await stores.admin.query('UPDATE users.users SET is_protected = false WHERE id = $1', [a]);
      return await approveWaiting(stores.work, a);
  }
}

/** What everybody is told about everybody, and which lists each may see. */
async function whatIsSeen() {
  const told: string[] = [];
  for (const viewer of PEOPLE) {
    const others = PEOPLE.filter((id) => id !== viewer);
    for (const [at, relation] of (await stores.relations.between(viewer, others)).entries()) {
      const pair = arrow(viewer, others[at] ?? '');
      if (relation?.viewerIsFollowing === true) told.push(`${pair} follows`);
      if (relation?.viewerFollowRequest) told.push(`${pair} asks`);
      if (relation?.viewerHasBlocked === true) told.push(`${pair} blocks`);
    }
    for (const [at, followers] of (await stores.lists.followersOf(viewer, PEOPLE, ALL)).entries()) {
      const names =
        followers
          ?.map(({ userId }) => userId)
          .toSorted()
          .join(' ') ?? 'hidden';
      told.push(`${viewer} sees of ${PEOPLE[at]}: ${names}`);
    }
  }
  for (const [at, counts] of (await stores.relations.countsOf(PEOPLE)).entries())
    told.push(`${PEOPLE[at]} counts ${counts.followerCount} ${counts.followingCount}`);
  return told.toSorted();
}

/** The same from the notes. */
function whatIsNoted(notes: Notes) {
  const { follows, asks, blocks, isProtected } = notes;
  const told: string[] = [];
  for (const [a, b] of PAIRS) {
    if (follows.has(arrow(a, b))) told.push(`${arrow(a, b)} follows`);
    if (asks.has(arrow(a, b))) told.push(`${arrow(a, b)} asks`);
    if (blocks.has(arrow(a, b))) told.push(`${arrow(a, b)} blocks`);
  }
  for (const viewer of PEOPLE)
    for (const owner of PEOPLE) {
      const isHidden =
        areApart(notes, viewer, owner) ||
        (isProtected.has(owner) && viewer !== owner && !follows.has(arrow(viewer, owner)));
      const names = PEOPLE.filter((id) => follows.has(arrow(id, owner)) && !areApart(notes, viewer, id));
      told.push(`${viewer} sees of ${owner}: ${isHidden ? 'hidden' : names.join(' ')}`);
    }
  for (const id of PEOPLE) {
    const followers = PEOPLE.filter((other) => follows.has(arrow(other, id))).length;
    const following = PEOPLE.filter((other) => follows.has(arrow(id, other))).length;
    told.push(`${id} counts ${followers} ${following}`);
  }
  return told.toSorted();
}

const history = fc.array(fc.tuple(fc.constantFrom(...DEEDS), fc.constantFrom(...PAIRS)), { maxLength: 40 });

it('after any history all is as a child would have noted it down, and every deed may be repeated', async () => {
  await fc.assert(
    fc.asyncProperty(history, fc.boolean(), async (deeds, repeats) => {
      await stores.reset();
      const notes: Notes = { follows: new Set(), asks: new Set(), blocks: new Set(), isProtected: new Set() };
      for (const [deed, [a, b]] of deeds) {
        note(notes, deed, a, b);
        await act(deed, a, b);
        if (repeats) await act(deed, a, b);
      }
      expect(await whatIsSeen()).toEqual(whatIsNoted(notes));
      expect(await findFaults(stores.database.primary)).toEqual([]);
    }),
    { numRuns: 40 },
  );
});
