// The door of work that does not happen inside a request.

export { jobsPersonal } from './personal';
export { countFailedJobs, enqueue, type JobRow, Jobs, type JobWork } from './queue';
export {
  endInterruptedRuns,
  findRuns,
  type JobRunRow,
  runRecorded,
  type Scheduled,
  startSchedule,
} from './scheduled';
