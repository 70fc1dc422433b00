import { createHash } from 'node:crypto';

/**
 * The picture of an account that has uploaded none: a bird on a wire, its colours and bearing drawn from the id alone.
 * The same id gives the same text for good, without script and in under a kilobyte.
 */
export function avatarSvg(userId: string): string {
  const [hue = 0, contrast = 0, beak = 0, crest = 0, tilt = 0, wing = 0] = createHash('sha256')
    .update(userId)
    .digest();
  const ground = Math.round((hue / 256) * 360);
  const body = ground + 120 + Math.round((contrast / 256) * 120);
  const crests = ['', 'M15 7l1-5 3 4z', 'M14 8l-2-5 4 2 1-4 2 5z', 'M20 6q-2-5-7-4 4 1 4 5z'];
  return [
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 40" role="img">',
    `<path fill="${colour(ground, 55, 86)}" d="M0 0h40v40H0z"/>`,
    `<g transform="${beak % 2 === 0 ? '' : 'matrix(-1 0 0 1 40 0) '}translate(4 6) rotate(${(tilt % 11) - 5} 17 23)">`,
    `<path fill="${colour(body, 60, 38)}" d="${crests[crest % crests.length]}"/>`,
    `<path fill="${colour(body, 62, 58)}" d="M3.5 23C3.5 12.5 9.5 5 17.4 5c5.9 0 10 4.2 10 9.3 0 5.2-3.9 8.7-9.6 8.7Z"/>`,
    `<path fill="${colour(body + (wing % 60), 60, 42)}" d="M3.5 23c0-5.5 1.9-10.2 5-13.2.5 7.3 4.4 11.7 10.3 13.2Z"/>`,
    `<path fill="${colour(ground, 30, 22)}" d="m26.7 10.7 4.8 2.7-4.3 2.9Z"/>`,
    `<circle fill="${colour(ground, 30, 18)}" cx="21" cy="12" r="1.5"/>`,
    '</g>',
    `<path stroke="${colour(ground, 30, 22)}" stroke-width="2" stroke-linecap="round" d="M4 31h32"/>`,
    '</svg>',
  ].join('');
}

const colour = (degrees: number, saturation: number, lightness: number) =>
  `hsl(${degrees % 360} ${saturation}% ${lightness}%)`;
