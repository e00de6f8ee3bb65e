// What runs on agents' pages. Every page works without it; it makes them quick and live.
import './before-turbo';
import '@hotwired/turbo';
import './after-turbo';
import { Application } from '@hotwired/stimulus';
import { AnnouncingController, announceNotices } from './announcing';
import { ChatController } from './chat';
import { ringInTitle } from './chat-bell';
import { ClearSentController } from './clear-sent';
import { ComposerController } from './composer';
import { CopyController } from './copy';
import { stayWhenCutOff } from './cut-off';
import { DraftController } from './draft';
import { FilesController } from './files';
import { FindController } from './find';
import { FrameController } from './frame';
import { ImagesController } from './images';
import { KeepTypedController } from './keep-typed';
import { listenToKeys } from './keys';
import { ListController } from './list';
import { connectLive } from './live';
import { MacrosController } from './macros';
import { MentionsController } from './mentions';
import { readWhatIsSeen } from './notices';
import { OwnFieldsController } from './own-fields';
import { keepPanes } from './panes';
import { PartController } from './part';
import { PeopleController } from './people';
import { PresenceController } from './presence';
import { watchRail } from './rail';
import { ReadingController } from './reading';
import { RecipientsController } from './recipients';
import { SelectController } from './select';
import { SendOnChangeController } from './send-on-change';
import { goBackToList, ShelfController } from './shelf';
import { SitePreviewController } from './site-preview';
import { TicketController } from './ticket';
import { tellTimes } from './times';
import { ToastController } from './toast';
import { UndoController } from './undo';
import { ZoneController } from './zone';

const controllers = {
  announcing: AnnouncingController,
  chat: ChatController,
  'clear-sent': ClearSentController,
  composer: ComposerController,
  copy: CopyController,
  draft: DraftController,
  files: FilesController,
  find: FindController,
  frame: FrameController,
  images: ImagesController,
  'keep-typed': KeepTypedController,
  list: ListController,
  macros: MacrosController,
  mentions: MentionsController,
  'own-fields': OwnFieldsController,
  part: PartController,
  people: PeopleController,
  presence: PresenceController,
  reading: ReadingController,
  recipients: RecipientsController,
  select: SelectController,
  'send-on-change': SendOnChangeController,
  shelf: ShelfController,
  'site-preview': SitePreviewController,
  ticket: TicketController,
  toast: ToastController,
  undo: UndoController,
  zone: ZoneController,
};

const application = Application.start();
for (const [name, controller] of Object.entries(controllers)) application.register(name, controller);

tellTimes();
stayWhenCutOff();
keepPanes();
goBackToList();
listenToKeys();
connectLive();
watchRail();
ringInTitle();
readWhatIsSeen();
announceNotices();
