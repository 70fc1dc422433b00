/** The bird on its wire. Its size is the caller's. */
export function Mark({ className }: { className?: string }) {
  return (
    <svg viewBox="0 3 33 27" aria-hidden="true" className={className}>
      <path
        className="fill-glow"
        d="M3.5 23C3.5 12.5 9.5 5 17.4 5c5.9 0 10 4.2 10 9.3 0 5.2-3.9 8.7-9.6 8.7Z"
      />
      <path className="fill-glow-deep" d="M3.5 23c0-5.5 1.9-10.2 5-13.2.5 7.3 4.4 11.7 10.3 13.2Z" />
      <path className="fill-ink" d="m26.7 10.7 4.8 2.7-4.3 2.9Z" />
      <path
        className="stroke-on-glow"
        d="M18.4 12.9q2.1 2.2 4.4 0"
        fill="none"
        strokeWidth="1.9"
        strokeLinecap="round"
      />
      <path className="stroke-ink" d="M2 27.2h29" strokeWidth="2.8" strokeLinecap="round" />
    </svg>
  );
}
