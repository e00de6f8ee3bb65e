// The door of work that does not happen inside a request.
export { countFailedJobs, enqueue, type JobRow, Jobs, type JobWork } from './queue';
export { endInterruptedRuns, findRuns, type JobRunRow, runRecorded, type Scheduled, startSchedule } from './scheduled';
export { jobsPersonal } from './personal';
