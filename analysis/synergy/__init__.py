"""What two agents do together, against what they would do if each minded its own business."""
