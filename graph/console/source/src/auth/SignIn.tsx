import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useLocation, useNavigate } from "react-router";
import { useEntrance } from "~/app/contexts";
import { Loading } from "~/parts/Loading";
import { Notice } from "~/parts/Notice";
import { PageTitle } from "~/parts/Page";

type Fault = "nobody" | "refused";

/** Leads to the issuer's page, and takes what comes back from there. */
export default function SignIn() {
  const { t } = useTranslation("shell");
  const entrance = useEntrance();
  const navigate = useNavigate();
  const { state, search } = useLocation() as { state: { from?: string } | null; search: string };
  const [fault, setFault] = useState<{ kind: Fault; message: string } | null>(null);
  const begun = useRef(false);

  useEffect(() => {
    if (begun.current) {
      return;
    }
    begun.current = true;
    const sentBack = /[?&](code|error)=/.test(search);
    const step = sentBack
      ? entrance.finish(location.href).then((back) => navigate(back, { replace: true }))
      : entrance.begin(state?.from ?? "/desk", new URLSearchParams(search).get("as")).then((can) => can || setFault({ kind: "nobody", message: "" }));
    step.catch((error: unknown) => setFault({ kind: "refused", message: error instanceof Error ? error.message : String(error) }));
  }, [entrance, navigate, search, state]);

  return (
    <div className="page narrow">
      <PageTitle title={t("signIn")} />
      {fault === null ? (
        <Loading />
      ) : (
        <Notice kind="problem" title={t(`signInFault.${fault.kind}`)}>
          {fault.message && <p>{fault.message}</p>}
        </Notice>
      )}
    </div>
  );
}
