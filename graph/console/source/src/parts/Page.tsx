import { useEffect, type ReactNode } from "react";
import { Breadcrumb, Breadcrumbs } from "react-aria-components";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";

interface TitleProps {
  title: string;
  above?: ReactNode;
  children?: ReactNode;
}

/** The page's one heading, which is the window's title too. */
export function PageTitle({ title, above, children }: TitleProps) {
  const { t } = useTranslation("shell");
  useEffect(() => {
    document.title = title === t("brand") ? title : `${title} · ${t("brand")}`;
  }, [title, t]);
  return (
    <div className="page-title">
      {above}
      <h1>{title}</h1>
      {children}
    </div>
  );
}

export interface Crumb {
  to: string;
  name: string;
}

/** Where the page stands: from the province down; the page itself is not among them. */
export function Crumbs({ crumbs }: { crumbs: readonly Crumb[] }) {
  const { t } = useTranslation("shell");
  return (
    <nav aria-label={t("crumbs")}>
      <Breadcrumbs className="crumbs">
        {crumbs.map(({ to, name }) => (
          <Breadcrumb key={to}>
            <Link to={to}>{name}</Link>
          </Breadcrumb>
        ))}
      </Breadcrumbs>
    </nav>
  );
}

interface SectionProps {
  title: ReactNode;
  aside?: ReactNode;
  children: ReactNode;
  className?: string;
}

/** A part of a page under a heading, on a card of its own. */
export function Section({ title, aside, children, className = "" }: SectionProps) {
  return (
    <section className={`card ${className}`}>
      <div className="card-head">
        <h2>{title}</h2>
        {aside}
      </div>
      {children}
    </section>
  );
}
