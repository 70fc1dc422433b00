import { schemaNotice } from '../schema-notice.ts';
import { useStore } from '../store.ts';

/** What whoever tries the API should know before wondering. */
export function Notices() {
  const notice = useStore(schemaNotice);
  return notice === null ? null : (
    <p className="notice" role="status">
      {notice}
    </p>
  );
}
