import { Kafka, logLevel } from 'kafkajs';

/** Whether the broker knows itself as the cluster's only member and as its controller: then topics can be made. */
export async function kafkaAnswers(broker: string): Promise<boolean> {
  const kafka = new Kafka({
    clientId: 'roost-keeper',
    brokers: [broker],
    logLevel: logLevel.NOTHING,
    connectionTimeout: 1000,
    requestTimeout: 2000,
    retry: { retries: 0 },
  });
  const admin = kafka.admin();
  try {
    await admin.connect();
    const { brokers, controller } = await admin.describeCluster();
    return brokers.length === 1 && controller === brokers[0]?.nodeId;
  } finally {
    await admin.disconnect();
  }
}
