import { Suspense, useEffect, useRef } from "react";
import { RouterProvider } from "react-aria-components";
import { useTranslation } from "react-i18next";
import { Outlet, ScrollRestoration, useHref, useLocation, useNavigate, useNavigation } from "react-router";
import { Announcer } from "~/parts/Announcer";
import { Loading } from "~/parts/Loading";
import { useConnection } from "./contexts";
import { Footer } from "./Footer";
import { Header } from "./Header";

/** How React Aria's links become addresses. */
const ADDRESSES = { useHref };

/** What is around every page. */
export function Shell() {
  const { t } = useTranslation("shell");
  const navigate = useNavigate();
  const location = useLocation();
  const navigation = useNavigation();
  const main = useRef<HTMLElement>(null);
  const opened = useRef(location.pathname);

  // A new page begins at its top for those who do not see it, too.
  useEffect(() => {
    if (opened.current !== location.pathname) {
      opened.current = location.pathname;
      main.current?.focus({ preventScroll: true });
    }
  }, [location.pathname]);

  return (
    <RouterProvider navigate={navigate} {...ADDRESSES}>
      <a
        className="skip"
        href={`${useHref(location)}#main`}
        onClick={(event) => {
          event.preventDefault();
          main.current?.focus();
        }}
      >
        {t("skip")}
      </a>
      <Header />
      <Disconnected />
      <main id="main" ref={main} tabIndex={-1} aria-busy={navigation.state !== "idle"}>
        <Suspense fallback={<Loading />}>
          <Outlet />
        </Suspense>
      </main>
      <Footer />
      <Announcer />
      <ScrollRestoration />
    </RouterProvider>
  );
}

function Disconnected() {
  const { t } = useTranslation("shell");
  const connection = useConnection();
  return (
    <div role="status" className="disconnected" hidden={connection !== "lost"}>
      {connection === "lost" && t("disconnected")}
    </div>
  );
}
