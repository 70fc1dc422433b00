const WIDTHS = [
  ['w-[38%]', 'w-[92%]', 'w-[66%]'],
  ['w-[34%]', 'w-[84%]', 'w-[48%]'],
  ['w-[42%]', 'w-[88%]', 'w-[58%]'],
] as const;

/** As high as the tweets that will come. */
export function TweetSkeletons({ count = 6 }: { count?: number }) {
  return (
    <div role="status" aria-label="Loading">
      {Array.from({ length: count }, (_, index) => (
        <div key={index} className="sk-tweet" aria-hidden="true">
          <span className="sk sk-face" />
          <div>
            {WIDTHS[index % WIDTHS.length]?.map((width) => (
              <span key={width} className={`sk ${width}`} />
            ))}
          </div>
        </div>
      ))}
    </div>
  );
}
