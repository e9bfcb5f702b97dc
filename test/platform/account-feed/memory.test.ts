import { MemoryAccountFeed } from '../../../platform/account-feed/memory.ts';
import { accountFeedContract } from '../../contract/account-feed.ts';

accountFeedContract('Memory', { open: async () => new MemoryAccountFeed() });
