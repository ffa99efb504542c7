import { useMemo, useSyncExternalStore } from "react";
import { I18nProvider } from "react-aria-components";
import { useTranslation } from "react-i18next";
import { RouterProvider } from "react-router/dom";
import { Provider } from "urql";
import { createClient } from "~/api/client";
import { ConnectionState } from "~/api/live";
import { Entrance } from "~/auth/signedIn";
import { tag } from "~/i18n/language";
import { ConnectionContext, EntranceContext } from "./contexts";
import { router } from "./routes";

const entrance = new Entrance();
const connection = new ConnectionState();

export function App() {
  useTranslation(); // renders again in another language
  const person = useSyncExternalStore(entrance.subscribe, entrance.get);
  const client = useMemo(
    () => createClient({ token: () => person?.token ?? null, language: tag, expired: () => entrance.become(null), connection }),
    [person],
  );
  return (
    <I18nProvider locale={tag()}>
      <EntranceContext value={entrance}>
        <ConnectionContext value={connection}>
          <Provider value={client}>
            <RouterProvider router={router} />
          </Provider>
        </ConnectionContext>
      </EntranceContext>
    </I18nProvider>
  );
}
