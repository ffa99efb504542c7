import { useTranslation } from "react-i18next";
import { DisableDepartmentDocument, EnableDepartmentDocument } from "~generated/graphql";
import { useAct } from "~/api/act";
import { announce } from "~/parts/Announcer";
import { Confirm } from "~/parts/Confirm";

interface Props {
  department: { code: string; name: string; channel: { enabled: boolean } };
}

/** Takes a department's channel out of use, or puts it into use again. */
export function ChannelUse({ department: { code, name, channel } }: Props) {
  const { t } = useTranslation("desk");
  const enable = useAct(EnableDepartmentDocument);
  const disable = useAct(DisableDepartmentDocument);
  const [act, word] = channel.enabled ? ([disable, "disable"] as const) : ([enable, "enable"] as const);
  return (
    <Confirm
      act={t(`channel.${word}.act`)}
      title={t(`channel.${word}.title`, { name })}
      pending={act.pending}
      problems={act.problems}
      onConfirm={async () => {
        const done = await act.perform({ department: code });
        if (done) {
          announce(t(`channel.${word}.done`, { name }));
        }
        return done !== null;
      }}
    >
      <p>{t(`channel.${word}.follows`)}</p>
    </Confirm>
  );
}
