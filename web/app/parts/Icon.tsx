/** Drawn on a grid of 20 with lines of 1.6. */
const shapes = {
  mark: <><circle cx="10" cy="10" r="6" /><path d="M1.5 10h17" /></>,
  overview: <path d="M3 3h6v8H3zM11 3h6v5h-6zM11 10h6v7h-6zM3 13h6v4H3z" />,
  projects: <path d="M10 2.5 17 6v8l-7 3.5L3 14V6zM3 6l7 3.5L17 6M10 9.5v8" />,
  sources: <><ellipse cx="10" cy="4.5" rx="6.5" ry="2.3" /><path d="M3.5 4.5v11c0 1.270 2.9 2.3 6.5 2.3s6.5-1.030 6.5-2.3v-11M3.5 10c0 1.270 2.9 2.3 6.5 2.3s6.5-1.030 6.5-2.3" /></>,
  jobs: <path d="M4 3v14M4 5h8v4H4zM4 11h12v4H4z" />,
  playground: <path d="m5 6-4 4 4 4M15 6l4 4-4 4M12 4 8 16" />,
  upload: <path d="M10 13V3M6 6.5 10 2.8l4 3.7M3 12.5v4h14v-4" />,
  download: <path d="M10 3v10M6 9.5 10 13.2l4-3.7M3 12.5v4h14v-4" />,
  search: <><circle cx="8.5" cy="8.5" r="5.5" /><path d="m13 13 4.5 4.5" /></>,
  sun: <><circle cx="10" cy="10" r="3.5" /><path d="M10 1.5v2M10 16.5v2M1.5 10h2M16.5 10h2M4 4l1.4 1.4M14.6 14.6 16 16M16 4l-1.4 1.4M5.4 14.6 4 16" /></>,
  moon: <path d="M16.5 12.5A7 7 0 0 1 7.5 3.5a7 7 0 1 0 9 9z" />,
  system: <path d="M2.5 4h15v10h-15zM7 17.5h6M10 14v3.5" />,
  warning: <path d="M10 2.5 18.5 17h-17zM10 8v4M10 14.2v.3" />,
  check: <path d="m4 10.5 4 4 8-9" />,
  cross: <path d="m5 5 10 10M15 5 5 15" />,
  down: <path d="m5 7.5 5 5 5-5" />,
  right: <path d="m7.5 5 5 5-5 5" />,
  up: <path d="m5 12.5 5-5 5 5" />,
  copy: <path d="M7 7V3h10v10h-4M3 7h10v10H3z" />,
  external: <path d="M8 4H3.5v12.5H16V12M11 3h6v6M17 3l-8 8" />,
  shield: <path d="M10 2.2 16.5 5v5c0 4-3 6.7-6.5 8-3.5-1.3-6.5-4-6.5-8V5z" />,
  fire: <path d="M10 18c-3.6 0-6-2.4-6-5.5C4 9 8 7.5 8.5 2c3 1.5 4 4 3.5 6.5 1-.5 1.5-1.3 1.7-2.3C15.2 8 16 10 16 12.3c0 3.3-2.4 5.7-6 5.7z" />,
  bell: <path d="M4.5 14h11l-1.5-2.5V8.5a4 4 0 0 0-8 0v3zM8.5 16.5a1.6 1.6 0 0 0 3 0M10 4.5V3" />,
  clock: <><circle cx="10" cy="10" r="7.5" /><path d="M10 5.5V10l3 2" /></>,
};

export type IconName = keyof typeof shapes;

/** A picture beside words that say the same. */
export function Icon({ name }: { name: IconName }) {
  return (
    <svg className="icon" viewBox="0 0 20 20" width="18" height="18" aria-hidden="true" focusable="false">{shapes[name]}</svg>
  );
}
