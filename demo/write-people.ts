import { hash } from '@node-rs/argon2';
import type pg from 'pg';
import { DEMO_PASSWORD } from './account.ts';
import type { Person } from './people.ts';
import { entitiesOf, insert } from './rows.ts';

/** Accounts with their profiles, names and addresses, which count as verified. */
export async function writePeople(client: pg.Client, people: readonly Person[]) {
  // One hash for all: five hundred of argon2id would take half a minute, and the password is in the README anyway.
  const passwordHash = await hash(DEMO_PASSWORD, { memoryCost: 19_456, timeCost: 2, parallelism: 1 });
  const addressOf = ({ username }: Person) => `${username}@example.com`;
  await insert(
    client,
    'users.users',
    {
      id: 'bigint',
      username: 'text',
      display_name: 'text',
      bio: 'text',
      bio_entities: 'jsonb',
      location: 'text',
      website: 'text',
      is_protected: 'boolean',
      joined_at: 'timestamptz',
    },
    people.map((person) => [
      person.id,
      person.username,
      person.displayName,
      person.bio,
      entitiesOf(person.bio, new Map()),
      person.location,
      person.website,
      person.isProtected,
      person.joinedAt,
    ]),
  );
  await insert(
    client,
    'users.username_claims',
    { username: 'text', user_id: 'bigint' },
    people.map((person) => [person.username, person.id]),
  );
  await insert(
    client,
    'users.email_claims',
    { email: 'text', user_id: 'bigint' },
    people.map((person) => [addressOf(person), person.id]),
  );
  await insert(
    client,
    'users.credentials',
    {
      user_id: 'bigint',
      email: 'text',
      email_verified_at: 'timestamptz',
      password_hash: 'text',
      password_changed_at: 'timestamptz',
    },
    people.map((person) => [person.id, addressOf(person), person.joinedAt, passwordHash, person.joinedAt]),
  );
}
