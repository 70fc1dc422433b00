/** Where one wanted to go, from `?next=`: a path of this site, or home. */
export function nextPlace(next: string | string[] | undefined): string {
  const here = 'http://here';
  if (typeof next !== 'string' || !URL.canParse(next, here)) return '/';
  const { origin, pathname, search, hash } = new URL(next, here);
  // Once its dots are resolved, `/..//elsewhere` names another host.
  const isPath = next.startsWith('/') && origin === here && !pathname.startsWith('//');
  return isPath ? pathname + search + hash : '/';
}
