export { READER_TIMEOUT_MS, startLiveReader, type LiveReader } from '../../platform/live-log/live-reader.ts';
