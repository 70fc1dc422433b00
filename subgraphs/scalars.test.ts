import { describe, expect, it } from '@jest/globals';
import { DateTime, Language, readUrl, URLScalar } from './scalars.ts';

describe('a DateTime', () => {
  it.each([
    ['2026-11-21T18:20:00.000Z', '2026-11-21T18:20:00.000Z'],
    ['2026-11-21T18:20:00Z', '2026-11-21T18:20:00.000Z'],
    ['2024-02-29T23:30:00+02:00', '2024-02-29T21:30:00.000Z'],
  ])('may be written as %s', (text, moment) => {
    expect(DateTime.serialize(DateTime.parseValue(text))).toBe(moment);
  });

  it.each([
    '',
    'yesterday',
    '2026-11-21',
    '2026-11-21 18:20:00Z',
    '2026-11-21T18:20:00',
    '2026-02-30T00:00:00Z',
    '2025-02-29T00:00:00Z',
    '2026-13-01T00:00:00Z',
    '2026-01-00T00:00:00Z',
    '2026-01-01T25:00:00Z',
    '2026-01-01T00:00:00+99:99',
  ])('is not %j', (text) => {
    expect(() => DateTime.parseValue(text)).toThrow('A DateTime looks like');
  });

  it('is no number', () => {
    expect(() => DateTime.parseValue(1795283797)).toThrow('DateTime is written as text.');
  });
});

describe('a URL', () => {
  it('is kept as browsers write it', () => {
    expect(readUrl('HTTPS://Example.org')).toBe('https://example.org/');
    expect(readUrl('http://bücher.example/ä')).toBe('http://xn--bcher-kva.example/%C3%A4');
  });

  it.each([
    '',
    'example.org',
    '//example.org',
    'javascript:alert(1)',
    `https://example.org/${'x'.repeat(2000)}`,
  ])('is not %j', (text) => {
    expect(readUrl(text)).toBeNull();
  });

  it('comes in as text, for whoever keeps it to read', () => {
    expect(URLScalar.parseValue('example.org')).toBe('example.org');
    expect(() => URLScalar.parseValue(5)).toThrow('URL is written as text.');
  });
});

describe('a Language', () => {
  it('is a tag', () => {
    expect(Language.parseValue('PT-br')).toBe('pt-BR');
    expect(() => Language.parseValue('a b')).toThrow('A Language is a tag such as en or pt-BR.');
  });
});
