import { useTranslation } from "react-i18next";
import { Link, Outlet, useLocation } from "react-router";
import { ViewerDocument } from "~generated/graphql";
import { useAsk } from "~/api/ask";
import { usePerson } from "~/app/contexts";
import { Answer } from "~/parts/Answer";
import { areas } from "./areas";
import { SignInFirst } from "./SignInFirst";
import { has, ViewerContext, type Viewer } from "./viewer";
import "./desk.css";

const HOME = { to: "/desk", word: "nav.home", roles: null };

/** What is around every page of the desk: who works at it, and where they may go. */
export default function Desk() {
  return usePerson() === null ? <SignInFirst /> : <SignedIn />;
}

function SignedIn() {
  const asked = useAsk(ViewerDocument, {});
  return (
    <Answer asked={asked}>
      {({ viewer }) =>
        viewer.subject === null ? (
          <SignInFirst />
        ) : (
          <ViewerContext value={viewer}>
            <div className="desk">
              <Navigation viewer={viewer} />
              <div className="desk-page">
                <Outlet />
              </div>
            </div>
          </ViewerContext>
        )
      }
    </Answer>
  );
}

function Navigation({ viewer }: { viewer: Viewer }) {
  const { t } = useTranslation("desk");
  const { pathname } = useLocation();
  const links = [HOME, ...areas.flatMap((area) => area.links)].filter(({ roles }) => roles === null || has(viewer, roles));
  const here = links.filter(({ to }) => pathname === to || pathname.startsWith(`${to}/`)).reduce((one, other) => (other.to.length > one.to.length ? other : one), HOME);
  return (
    <nav className="desk-nav" aria-label={t("nav.label")}>
      <ul>
        {links.map(({ to, word }) => (
          <li key={to}>
            {to === here.to ? (
              <Link to={to} ref={bringIntoView} aria-current="page">
                {t(word)}
              </Link>
            ) : (
              <Link to={to}>{t(word)}</Link>
            )}
          </li>
        ))}
      </ul>
    </nav>
  );
}

function bringIntoView(link: HTMLElement | null): void {
  link?.scrollIntoView({ block: "nearest", inline: "nearest" });
}
