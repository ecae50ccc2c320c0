enum PlanOptimizationModule {}
