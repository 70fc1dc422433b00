/** Right. Says what this is, until there is something to find here. */
export function Aside() {
  return (
    <aside aria-label="About" className="sticky top-0 hidden h-dvh flex-col self-start py-4 aside:flex">
      <p className="text-sm text-ink-3">
        Newest first, from the people you follow. Nothing is added, ranked or held back.
      </p>
      <p className="mt-3 flex flex-wrap gap-x-3.5 text-sm leading-6 text-ink-3">
        <a href="/graphql" className="underline-offset-3 hover:text-ink hover:underline">
          API playground
        </a>
      </p>
    </aside>
  );
}
