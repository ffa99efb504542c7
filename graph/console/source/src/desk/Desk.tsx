import { useTranslation } from "react-i18next";
import { NavLink, Outlet } from "react-router";
import { ViewerDocument } from "~generated/graphql";
import { useAsk } from "~/api/ask";
import { usePerson } from "~/app/contexts";
import { Answer } from "~/parts/Answer";
import { areas } from "./areas";
import { SignInFirst } from "./SignInFirst";
import { has, ViewerContext, type Viewer } from "./viewer";
import "./desk.css";

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
  const links = areas.flatMap((area) => area.links).filter(({ roles }) => has(viewer, roles));
  return (
    <nav className="desk-nav" aria-label={t("nav.label")}>
      <ul>
        <li>
          <NavLink to="/desk" end>
            {t("nav.home")}
          </NavLink>
        </li>
        {links.map(({ to, word }) => (
          <li key={to}>
            <NavLink to={to}>{t(word)}</NavLink>
          </li>
        ))}
      </ul>
    </nav>
  );
}
