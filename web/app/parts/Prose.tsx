import type { ReactNode } from 'react';

/**
 * Shows the Markdown of advisories as far as they use it: headings, lists, code,
 * paragraphs. Everything else stays as it was written, and nothing of it is
 * markup of ours: what comes from elsewhere is text.
 */
export function Prose({ text }: { text: string }) {
  const blocks = text.replaceAll('\r\n', '\n').split(/(^```[\s\S]*?^```)/m).flatMap((part): ReactNode[] => {
    if (part.startsWith('```')) return [<pre key={part} tabIndex={0} role="region" aria-label="Code"><code>{part.replace(/^```.*\n?/, '').replace(/\n?```$/, '')}</code></pre>];
    return part.split(/\n{2,}/).filter((block) => block.trim()).map((block, index) => {
      const heading = /^#{1,6}\s+(.+)/.exec(block.trim());
      if (heading?.[1]) {
        const rest = block.trim().slice(heading[0].length).trim();
        return <div key={index}><h3>{inline(heading[1])}</h3>{rest && <p>{inline(rest)}</p>}</div>;
      }
      const lines = block.trim().split('\n');
      if (lines.every((line) => /^\s*[-*+]\s+/.test(line))) return <ul key={index}>{lines.map((line, at) => <li key={at}>{inline(line.replace(/^\s*[-*+]\s+/, ''))}</li>)}</ul>;
      return <p key={index}>{inline(block.trim())}</p>;
    });
  });
  return <div className="prose">{blocks}</div>;
}

function inline(text: string): ReactNode[] {
  return text.split(/(`[^`]+`|\*\*[^*]+\*\*|\[[^\]]+\]\(https?:\/\/[^)\s]+\))/).map((part, index) => {
    if (part.startsWith('`')) return <code key={index}>{part.slice(1, -1)}</code>;
    if (part.startsWith('**')) return <strong key={index}>{part.slice(2, -2)}</strong>;
    const link = /^\[([^\]]+)\]\((https?:\/\/[^)\s]+)\)$/.exec(part);
    if (link?.[1]) return <a key={index} href={link[2]} rel="noreferrer">{link[1]}</a>;
    return part;
  });
}
