/** Where one wanted to go, from `?next=`: a path of this site, or home. */
export function nextPlace(next: string | string[] | undefined): string {
  const here = 'http://here';
  if (typeof next !== 'string' || !URL.canParse(next, here)) return '/';
  const url = new URL(next, here);
  return next.startsWith('/') && url.origin === here ? url.href.slice(here.length) : '/';
}
