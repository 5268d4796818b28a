import type { ReactNode } from 'react';
import { Link } from 'wouter';

/** The head of a page: where it is, what it is, what can be done. */
export function Heading({ title, document, trail = [], lead, children }: {
  title: ReactNode; document: string; trail?: { href: string; name: string }[]; lead?: ReactNode; children?: ReactNode;
}) {
  return (
    <div className="heading">
      <title>{`${document} · Loadline`}</title>
      {trail.length > 0 && (
        <nav aria-label="Breadcrumb" className="trail">
          <ol>{trail.map(({ href, name }) => <li key={href}><Link href={href}>{name}</Link></li>)}</ol>
        </nav>
      )}
      <div className="heading-line">
        <h1>{title}</h1>
        {children && <div className="actions">{children}</div>}
      </div>
      {lead && <div className="lead">{lead}</div>}
    </div>
  );
}

/** A part of a page, with a heading of its own. */
export function Section({ title, note, children, id }: { title: string; note?: ReactNode; children: ReactNode; id: string }) {
  return (
    <section aria-labelledby={id} className="section">
      <div className="section-head"><h2 id={id}>{title}</h2>{note}</div>
      {children}
    </section>
  );
}

/** A number and what it is the number of. */
export function Tile({ label, value, tone, note, href }: { label: string; value: ReactNode; tone?: string; note?: ReactNode; href?: string }) {
  const content = (
    <>
      <span className="tile-label">{label}</span>
      <span className={`tile-value ${tone ?? ''}`}>{value}</span>
      {note && <span className="tile-note">{note}</span>}
    </>
  );
  return href ? <Link href={href} className="tile">{content}</Link> : <div className="tile">{content}</div>;
}
