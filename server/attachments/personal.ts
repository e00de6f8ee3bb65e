// What personal data attachments hold. The bytes go with the last row that names them (sweep.ts).
import { goes, type PersonalDomain, personal, plain, told, unexported } from '../lib/personal';

export const attachmentsPersonal: PersonalDomain = {
  name: 'attachments',
  tables: [
    {
      table: 'files',
      why: 'answering',
      kept: 'ticket',
      columns: {
        ...plain('id', 'disk_name', 'size', 'created_at'),
        ...unexported('anyone', 'technical', 'nothing', 'sha256'),
      },
    },
    {
      table: 'attachments',
      why: 'answering',
      kept: 'ticket',
      of: {
        message: goes("owner_kind = 'message' AND owner_id = :id"),
        draft: goes("owner_kind = 'draft' AND owner_id = :id"),
      },
      columns: {
        ...plain('id', 'file_id', 'owner_kind', 'owner_id', 'is_inline'),
        ...personal('anyone', 'content', 'words', 'name'),
        ...unexported('anyone', 'technical', 'words', 'content_id', 'declared_type'),
        ...told('type', 'size', 'created_at'),
      },
    },
  ],
};
