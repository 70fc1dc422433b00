import { describe, expect, it } from '@jest/globals';
import { givenUrls } from './engines.ts';

describe('what the environment gives', () => {
  it('is nothing when no variable is set, or only to nothing', () => {
    expect(givenUrls({})).toEqual({});
    expect(givenUrls({ DATABASE_URL: '', REDIS_URL: '' })).toEqual({});
  });

  it('reads from the primary when no replica is named', () => {
    expect(givenUrls({ DATABASE_URL: 'postgresql://db' })).toEqual({
      postgres: 'postgresql://db',
      replica: 'postgresql://db',
    });
  });

  it('may be any of them', () => {
    expect(givenUrls({ REDIS_URL: 'redis://r', KAFKA_BROKERS: 'a:1,b:2' })).toEqual({
      redis: 'redis://r',
      kafka: 'a:1,b:2',
    });
  });

  it('is refused when it names a replica of nothing', () => {
    expect(() => givenUrls({ DATABASE_REPLICA_URL: 'postgresql://db' })).toThrow('without DATABASE_URL');
  });
});
