// The door of chat.
export { createSite, newSite, siteDomains } from './create-site';
export { endChat } from './end-chat';
export { repliesFollower } from './follow-replies';
export { siteForm, startEvent } from './forms';
export { LEAVING_JOB, lookAfterLeaving } from './leaving';
export { ChatLimits } from './limits';
export { chatPersonal } from './personal';
export { nobodyIsThere, visitorIsThere } from './presence';
export { chatLine, countWaiting } from './present-agents';
export { inputOf, type SitePage, sitePage } from './present-sites';
export { findSites } from './queries';
export { chatRoutes } from './routes';
export { sayInChat } from './say';
export { DEFAULT_COLOUR, originsOf, readOrigins, type SiteInput, type SiteRow, snippetOf } from './site';
export { addressOfDesk, inputFrom } from './site-routes';
export { agentChatSockets, visitorSockets } from './sockets';
export { startChat } from './start-chat';
export { takeChat } from './take-chat';
