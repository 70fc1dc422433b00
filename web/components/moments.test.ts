import { describe, expect, it } from '@jest/globals';
import { momentWritten, timeAgo } from './moments.ts';

const now = Date.parse('2026-11-21T18:42:00Z');
const ago = (iso: string) => timeAgo(new Date(iso), now, 'UTC');

describe('timeAgo', () => {
  it('counts minutes, hours and days, then gives the date', () => {
    expect(ago('2026-11-21T18:41:30Z')).toBe('now');
    expect(ago('2026-11-21T18:38:00Z')).toBe('4m');
    expect(ago('2026-11-21T16:32:00Z')).toBe('2h');
    expect(ago('2026-11-15T18:00:00Z')).toBe('6d');
    expect(ago('2026-03-02T10:00:00Z')).toBe('2 Mar');
    expect(ago('2024-03-02T10:00:00Z')).toBe('2 Mar 2024');
  });

  it('takes a clock that is behind the server’s for now', () => {
    expect(ago('2026-11-21T18:43:00Z')).toBe('now');
  });
});

it('writes a moment in the zone asked for', () => {
  expect(momentWritten(new Date('2026-11-21T18:20:00Z'), 'UTC')).toBe('21 November 2026 at 18:20');
});
