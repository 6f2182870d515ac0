# Run inside this folder: Rscript generate.R
source("../write.R")
data <- read.csv("../holzinger/data.csv")
model <- "visual =~ x1 + a*x2 + a*x3
textual =~ b*x4 + b*x5 + x6
x1 ~~ e*x1
x2 ~~ e*x2
x3 ~~ e*x3"
write_fit(model, data)
