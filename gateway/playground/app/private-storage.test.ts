import { describe, expect, it } from '@jest/globals';
import { keepingNoSecrets, withoutSecrets } from './private-storage.ts';

describe('what is kept', () => {
  it.each([
    ['{ "login": "ada", "password": "hush" }', '{ "login": "ada", "password": "" }'],
    ['{ "currentPassword":"hush","newPassword":"hush2" }', '{ "currentPassword":"","newPassword":"" }'],
    ['{ "refreshToken": "abc.def" }', '{ "refreshToken": "" }'],
    ['{ "Authorization": "Bearer abc" }', '{ "Authorization": "" }'],
    ['signIn(input: { login: "ada", password: "hush" })', 'signIn(input: { login: "ada", password: "" })'],
  ])('of %s is %s', (typed, kept) => {
    expect(withoutSecrets(typed)).toBe(kept);
  });

  it('is the same in JSON within JSON', () => {
    const variables = JSON.stringify({ login: 'ada', password: 'hu"sh' }, null, 2);
    const kept = withoutSecrets(
      JSON.stringify({ tabs: [{ variables }, { query: 'mutation { a(password: "hush") }' }] }),
    );
    expect(kept).not.toContain('hush');
    const { tabs } = JSON.parse(kept) as { tabs: { variables: string }[] };
    expect(JSON.parse(tabs[0]?.variables ?? '')).toMatchObject({ login: 'ada' });
  });

  it('leaves all else as it is', () => {
    const text = '{ "text": "my password: is long", "tokens": 3, "first": 20 }';
    expect(withoutSecrets(text)).toBe(text);
  });

  it('is what is read again', () => {
    const kept = new Map<string, string>();
    const storage = keepingNoSecrets({
      getItem: (key: string) => kept.get(key) ?? null,
      setItem: (key: string, value: string) => void kept.set(key, value),
      removeItem: (key: string) => void kept.delete(key),
      clear: () => kept.clear(),
      key: () => null,
      get length() {
        return kept.size;
      },
    });
    storage.setItem('a', '{"password":"x","first":1}');
    expect([storage.getItem('a'), storage.length]).toEqual(['{"password":"","first":1}', 1]);
    storage.removeItem('a');
    expect(storage.getItem('a')).toBeNull();
  });
});
