import { useState } from "react";
import { Button, Input, Menu, MenuItem, MenuTrigger, Popover, SearchField } from "react-aria-components";
import { useTranslation } from "react-i18next";
import { NavLink, Link, useLocation, useNavigate } from "react-router";
import { speak, type Language } from "~/i18n/language";
import { usePerson, useEntrance } from "./contexts";

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
  const [text, setText] = useState("");
  return (
    <search className="header-search">
      <SearchField
        aria-label={t("search")}
        value={text}
        onChange={setText}
        onSubmit={(asked) => asked.trim() && navigate(`/search?q=${encodeURIComponent(asked.trim())}`)}
      >
        <Input placeholder={t("search")} maxLength={200} />
      </SearchField>
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
  const entrance = useEntrance();
  const navigate = useNavigate();
  const { pathname, search } = useLocation();
  if (person === null) {
    return (
      <Link className="button" to="/sign-in" state={{ from: pathname + search }}>
        {t("signIn")}
      </Link>
    );
  }
  return (
    <MenuTrigger>
      <Button className="button quiet">{person.names[i18n.language as Language] ?? t("signedIn")}</Button>
      <Popover className="popover" placement="bottom end">
        <Menu className="menu" onAction={(key) => (key === "desk" ? navigate("/desk") : entrance.leave())}>
          <MenuItem id="desk">{t("nav.desk")}</MenuItem>
          <MenuItem id="leave">{t("signOut")}</MenuItem>
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}
