import { describe, expect, it } from '@jest/globals';
import { avatarSvg } from './avatar.ts';

describe('a drawn picture', () => {
  it('is the same for the same account, another for another, and safe to serve', () => {
    expect(avatarSvg('1')).toBe(avatarSvg('1'));
    const pictures = Array.from({ length: 500 }, (_, n) => avatarSvg(String(n)));
    expect(new Set(pictures).size).toBeGreaterThan(495);
    for (const picture of pictures) {
      expect(picture).toMatch(/^<svg [^]*<\/svg>$/);
      expect(picture).not.toMatch(/script|href|NaN|undefined/);
      expect(picture.length).toBeLessThan(1024);
    }
  });
});
