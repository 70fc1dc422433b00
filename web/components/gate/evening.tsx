/** Birds, and where each sits on the wire. A negative scale looks left. */
const birds = [
  { x: 104, scale: 2 },
  { x: 172, scale: -1.7 },
  { x: 622, scale: -1.8 },
  { x: 678, scale: 2 },
];

const BODY = 'M3.5 23C3.5 12.5 9.5 5 17.4 5c5.9 0 10 4.2 10 9.3 0 5.2-3.9 8.7-9.6 8.7Z';
const WING = 'M3.5 23c0-5.5 1.9-10.2 5-13.2.5 7.3 4.4 11.7 10.3 13.2Z';
const BEAK = 'm26.7 10.7 4.8 2.7-4.3 2.9Z';
const EYE = 'M18.4 12.9q2.1 2.2 4.4 0';

const standing = (x: number, scale: number) =>
  `translate(${x} 232) scale(${scale} ${Math.abs(scale)}) translate(-16 -23)`;

/** The sun behind the wire. */
export function Evening({ className }: { className: string }) {
  return (
    <div className={className}>
      <svg
        viewBox="0 0 760 320"
        preserveAspectRatio="xMidYMax slice"
        aria-hidden="true"
        className="size-full"
      >
        <path d="M252 232a156 156 0 0 1 312 0Z" className="fill-glow" />
        <path d="M-20 233.5H780" strokeWidth="3" className="stroke-ink" />
        {birds.map(({ x, scale }) => (
          <g key={x} transform={standing(x, scale)}>
            <path d={BODY} className="fill-line-2" />
            <path d={WING} className="fill-edge" />
            <path d={BEAK} className="fill-ink" />
            <path d={EYE} fill="none" strokeWidth="1.7" strokeLinecap="round" className="stroke-ink" />
          </g>
        ))}
        <g transform={standing(408, 3.1)}>
          <path d={BODY} fill="#3d2a38" />
          <path d={WING} fill="#2a1c28" />
          <path d={BEAK} fill="#2a1c28" />
          <path d={EYE} fill="none" strokeWidth="1.7" strokeLinecap="round" className="stroke-glow" />
        </g>
      </svg>
    </div>
  );
}
