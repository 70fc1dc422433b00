import type { ReactNode } from 'react';

/** What stands where nothing is: the bird on its wire, a title, a line, and one way on. A wire that broke means failure. */
export function Empty({
  title,
  text,
  broken = false,
  children,
}: {
  title: string;
  text: string;
  broken?: boolean;
  children?: ReactNode;
}) {
  return (
    <div className="empty">
      <svg className="bird" viewBox="0 0 200 72" aria-hidden="true">
        <g transform="translate(34 18) scale(1.25)">
          <path
            fill="var(--rt-glow)"
            d="M3.5 23C3.5 12.5 9.5 5 17.4 5c5.9 0 10 4.2 10 9.3 0 5.2-3.9 8.7-9.6 8.7Z"
          />
          <path fill="var(--rt-glow-deep)" d="M3.5 23c0-5.5 1.9-10.2 5-13.2.5 7.3 4.4 11.7 10.3 13.2Z" />
          <path fill="var(--rt-ink)" d="m26.7 10.7 4.8 2.7-4.3 2.9Z" />
          <path
            fill="none"
            stroke="var(--rt-on-glow)"
            strokeWidth="1.9"
            strokeLinecap="round"
            d="M18.4 12.9q2.1 2.2 4.4 0"
          />
        </g>
        <g stroke="var(--rt-ink)" strokeWidth="2.5" strokeLinecap="round">
          {broken ? (
            <>
              <path d="M18 50h66M136 50h46" />
              <path stroke="var(--rt-line-2)" strokeDasharray="2 7" d="M94 50h34" />
            </>
          ) : (
            <path d="M10 50h180" />
          )}
        </g>
      </svg>
      <h2>{title}</h2>
      <p>{text}</p>
      {children}
    </div>
  );
}
