-- Before e35d63f of 21 November 2026 a page was remembered by the key of what it was made from alone, which today's keys
-- could be taken for.
DELETE FROM earlier_rendered;
