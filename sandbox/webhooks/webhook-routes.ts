/** The part of the control API that is about deliveries: read them, let their clock run ahead, let them go wrong. */
import { z } from 'zod';
import { HttpError, jsonAnswer } from '../http/route.ts';
import { TEN_YEARS_MS } from '../clock.ts';
import type { Route } from '../http/route.ts';
import type { Delivery, DeliveryQueue } from './delivery.ts';
import { COMPLIANCE_TOPICS, SENT_TOPICS } from './topics.ts';

/** A delivery as the live view and the control API show it. */
function describeDelivery(delivery: Delivery) {
  return {
    webhookId: delivery.envelope.webhookId,
    eventId: delivery.envelope.eventId,
    topic: delivery.envelope.topic,
    shop: delivery.envelope.shop,
    triggeredAt: delivery.envelope.triggeredAt,
    state: delivery.state,
    stale: delivery.stale,
    subscription: delivery.subscriptionId,
    attempts: delivery.attempts,
    nextAttemptAt:
      delivery.state === 'pending' && delivery.attempts.length > 0
        ? new Date(delivery.dueAt).toISOString()
        : null,
    bytes: Buffer.byteLength(delivery.body),
  };
}

const ageInput = z.object({
  ms: z.number().min(0).max(TEN_YEARS_MS).default(0),
  hours: z.number().min(0).max(87_672).default(0),
});
const faultsInput = z.object({
  seed: z.number().int().optional(),
  drop: z.number().optional(),
  duplicate: z.number().optional(),
  reorder: z.number().optional(),
  delayMs: z.number().optional(),
  stale: z.number().optional(),
  staleMs: z.number().optional(),
  dropDay: z.string().nullish(),
  topics: z.array(z.enum([...SENT_TOPICS, ...COMPLIANCE_TOPICS])).nullish(),
});

function checked<Schema extends z.ZodType>(schema: Schema, body: unknown): z.infer<Schema> {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  throw new HttpError(400, { error: z.prettifyError(parsed.error) });
}

export function webhookRoutes(queue: DeliveryQueue): Route[] {
  return [
    {
      method: 'GET',
      path: '/control/deliveries',
      handle: ({ url }) => {
        const shop = url.searchParams.get('shop') ?? undefined;
        const limit = Number(url.searchParams.get('limit') ?? 100);
        return jsonAnswer({
          statistics: queue.statistics(shop),
          deliveries: queue.recent(shop, limit).map(describeDelivery),
        });
      },
    },
    {
      method: 'POST',
      path: '/control/age-deliveries',
      handle: (request) => {
        const { ms, hours } = checked(ageInput, request.json());
        queue.age(ms + hours * 3_600_000);
        return jsonAnswer({ statistics: queue.statistics() });
      },
    },
    {
      method: 'POST',
      path: '/control/webhook-faults',
      handle: (request) => {
        try {
          const { dropDay = null, topics = null, ...shares } = checked(faultsInput, request.json());
          queue.setFaults({ ...shares, dropDay, topics });
        } catch (error) {
          if (error instanceof HttpError) throw error;
          throw new HttpError(400, { error: (error as Error).message });
        }
        return jsonAnswer({ ok: true, faults: queue.faults(), counts: queue.faultCounts() });
      },
    },
    {
      method: 'GET',
      path: '/control/webhook-faults',
      handle: () => jsonAnswer({ faults: queue.faults(), counts: queue.faultCounts() }),
    },
    {
      method: 'POST',
      path: '/control/settle-deliveries',
      handle: async () => jsonAnswer({ statistics: await queue.settled() }),
    },
  ];
}
