import { lazy, Suspense } from "react";
import { useTranslation } from "react-i18next";
import { NavLink, Link, useLocation, useNavigate } from "react-router";
import { speak, type Language } from "~/i18n/language";
import { usePerson } from "./contexts";

// Most who look are not signed in: what opens and closes is loaded for those who are.
const PersonMenu = lazy(() => import("./PersonMenu"));

export function Header() {
  const { t } = useTranslation("shell");
  return (
    <header className="header">
      <div className="header-inner">
        <Link to="/" className="brand">
          <span className="brand-mark" aria-hidden="true">
            商
          </span>
          <span className="brand-words">
            <span className="brand-name">{t("brand")}</span>
            <span className="brand-place">{t("place")}</span>
          </span>
        </Link>
        <nav aria-label={t("nav.label")} className="nav">
          <NavLink to="/" end>
            {t("nav.hall")}
          </NavLink>
          <NavLink to="/calendar">{t("nav.calendar")}</NavLink>
          <NavLink to="/desk">{t("nav.desk")}</NavLink>
        </nav>
        <Search />
        <LanguageSwitch />
        <Person />
      </div>
    </header>
  );
}

function Search() {
  const { t } = useTranslation("shell");
  const navigate = useNavigate();
  const search = (event: React.SyntheticEvent<HTMLFormElement>) => {
    event.preventDefault();
    const text = (new FormData(event.currentTarget).get("text") as string).trim();
    if (text !== "") {
      void navigate(`/search?text=${encodeURIComponent(text)}`);
    }
  };
  return (
    <search className="header-search">
      <form onSubmit={search}>
        <input type="search" name="text" aria-label={t("search")} placeholder={t("search")} maxLength={200} enterKeyHint="search" />
      </form>
    </search>
  );
}

function LanguageSwitch() {
  const { t, i18n } = useTranslation("shell");
  const other: Language = i18n.language === "zh" ? "en" : "zh";
  return (
    <button type="button" className="button quiet" lang={other === "zh" ? "zh-CN" : "en"} onClick={() => speak(other)}>
      {t("otherLanguage")}
    </button>
  );
}

function Person() {
  const { t, i18n } = useTranslation("shell");
  const person = usePerson();
  const { pathname, search } = useLocation();
  if (person === null) {
    return (
      <Link className="button" to="/sign-in" state={{ from: pathname + search }}>
        {t("signIn")}
      </Link>
    );
  }
  const name = person.names[i18n.language as Language] ?? t("signedIn");
  return (
    <Suspense fallback={<span className="button quiet">{name}</span>}>
      <PersonMenu name={name} />
    </Suspense>
  );
}
