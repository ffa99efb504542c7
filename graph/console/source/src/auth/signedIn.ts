import type { UserManager } from "oidc-client-ts";
import { at } from "~/api/base";
import type { Language } from "~/i18n/language";

interface Settings {
  issuer: string | null;
  clientId: string;
}

export interface SignedIn {
  token: string;
  /** What the issuer calls the person, by language. */
  names: Partial<Record<Language, string>>;
}

const SCOPE = "openid profile";
const RETURN_TO = "shangliang.return";

/** Signing in at the installation's issuer: OpenID Connect's code with PKCE. The token lives as long as the tab. */
export class Entrance {
  private person: SignedIn | null = null;
  private manager: UserManager | null = null;
  private readonly listeners = new Set<() => void>();

  constructor() {
    this.person = kept();
  }

  get = (): SignedIn | null => this.person;
  token = (): string | null => this.person?.token ?? null;

  subscribe = (tell: () => void): (() => void) => {
    this.listeners.add(tell);
    return () => this.listeners.delete(tell);
  };

  /** Leads to the issuer's page, told whom to expect; false where the installation has no issuer. */
  async begin(returnTo: string, expected: string | null): Promise<boolean> {
    const manager = await this.opened();
    if (manager === null) {
      return false;
    }
    sessionStorage.setItem(RETURN_TO, returnTo);
    await manager.signinRedirect(expected === null ? {} : { login_hint: expected });
    return true;
  }

  /** Takes what the issuer's page sent back, and returns where the person was before. Throws where it sent an error. */
  async finish(address: string): Promise<string> {
    const manager = await this.opened();
    const user = await manager?.signinCallback(address);
    if (user) {
      const { name, preferred_username: otherwise, "name#en": english } = user.profile;
      const zh = name ?? otherwise;
      this.become({ token: user.access_token, names: { zh, en: typeof english === "string" ? english : zh } });
    }
    const back = sessionStorage.getItem(RETURN_TO) ?? "/";
    sessionStorage.removeItem(RETURN_TO);
    return back;
  }

  become(person: SignedIn | null): void {
    this.person = person;
    if (person === null) {
      sessionStorage.removeItem(KEPT);
    } else {
      sessionStorage.setItem(KEPT, JSON.stringify(person));
    }
    this.listeners.forEach((tell) => tell());
  }

  /** Signs out here, and at the issuer where it has a way to. */
  async leave(): Promise<void> {
    const manager = await this.opened();
    const ends = await manager?.metadataService.getEndSessionEndpoint().catch(() => undefined);
    const user = await manager?.getUser();
    await manager?.removeUser();
    this.become(null);
    if (ends && user?.id_token) {
      await manager?.signoutRedirect({ id_token_hint: user.id_token, post_logout_redirect_uri: at("./") });
    }
  }

  private async opened(): Promise<UserManager | null> {
    const answer = await fetch(at("console/settings.json"));
    const { issuer, clientId } = (await answer.json()) as Settings;
    if (issuer === null) {
      return null;
    }
    const { UserManager, WebStorageStateStore } = await import("oidc-client-ts");
    this.manager ??= new UserManager({
      authority: issuer,
      client_id: clientId,
      redirect_uri: at("sign-in"),
      response_type: "code",
      scope: SCOPE,
      userStore: new WebStorageStateStore({ store: sessionStorage }),
      stateStore: new WebStorageStateStore({ store: sessionStorage }),
      automaticSilentRenew: false,
      monitorSession: false,
    });
    return this.manager;
  }
}

const KEPT = "shangliang.person";

function kept(): SignedIn | null {
  const text = sessionStorage.getItem(KEPT);
  return text === null ? null : (JSON.parse(text) as SignedIn);
}
