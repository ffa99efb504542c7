import type { UserManager } from "oidc-client-ts";
import { at } from "~/api/base";

interface Settings {
  issuer: string | null;
  clientId: string;
}

export interface SignedIn {
  token: string;
  /** What the issuer calls the person. */
  name: string | null;
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

  /** Leads to the issuer's page; false where the installation has no issuer. */
  async begin(returnTo: string): Promise<boolean> {
    const manager = await this.opened();
    if (manager === null) {
      return false;
    }
    sessionStorage.setItem(RETURN_TO, returnTo);
    await manager.signinRedirect();
    return true;
  }

  /** Takes what the issuer's page sent back; returns where the person was before. Throws where it sent an error. */
  async finish(address: string): Promise<string> {
    const manager = await this.opened();
    const user = await manager?.signinCallback(address);
    if (user) {
      this.become({ token: user.access_token, name: user.profile.name ?? user.profile.preferred_username ?? null });
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

  async leave(): Promise<void> {
    await this.manager?.removeUser();
    this.become(null);
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
