/** The admin's bar for unsaved changes. Outside the admin nothing is shown: the form has a button of its own. */
import { useEffect, useId } from 'react';

export function SaveBar({
  dirty,
  saving,
  onSave,
  onDiscard,
}: {
  dirty: boolean;
  saving: boolean;
  onSave: () => void;
  onDiscard: () => void;
}) {
  const id = `save-bar-${useId().replaceAll(':', '')}`;
  useEffect(() => {
    const bar = window.shopify?.saveBar;
    if (!bar || !dirty) return undefined;
    void bar.show(id).catch(() => undefined);
    return () => void bar.hide(id).catch(() => undefined);
  }, [dirty, id]);
  return (
    <ui-save-bar id={id}>
      <button type="button" variant="primary" disabled={saving} onClick={onSave}>
        Save
      </button>
      <button type="button" disabled={saving} onClick={onDiscard}>
        Discard
      </button>
    </ui-save-bar>
  );
}
